namespace Recurrent.Forecasting;

/// <summary>Something of every window, made when a batch asks for it.</summary>
internal abstract class WindowSource : LazyArray
{
    /// <summary>Looks at windows.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="axes">Shape of what there is of each.</param>
    protected WindowSource(NetworkWindows windows, params int[] axes)
        : base([windows.Count, .. axes]) => Windows = windows;

    /// <summary>Series are of finite numbers near 1, and windows of them too: nobody need read them all to know.</summary>
    internal override (double Least, double Most)? KnownRange => (-1, 1);

    /// <summary>The largest number, where they are ids that a network looks up; else 0.</summary>
    internal virtual int MostId => 0;

    /// <summary>The windows.</summary>
    protected NetworkWindows Windows { get; }

    /// <summary>The sizes of the network.</summary>
    protected NetworkSizes Sizes => Windows.Sizes;
}


/// <summary>What windows show of the past: (look-back, features).</summary>
internal sealed class PastSource(NetworkWindows windows)
    : WindowSource(windows, windows.Sizes.Lookback, windows.Sizes.PastFeatures)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        NetworkSizes sizes = Sizes;
        NetworkSeries series = window.Series;
        int first = window.End - sizes.Lookback + 1;
        int row = 0;
        for (int i = 0; i < sizes.Targets; i++, row++)
        {
            Real[] z = series.Targets[window.Target + i];
            WindowFrame frame = Windows.FrameOf(window, window.Target + i);
            double factor = 1 / frame.Size;
            for (int t = 0; t < sizes.Lookback; t++)
            {
                values[(t * Sizes.PastFeatures) + row] = first + t < 0 ? 0 : (Real)((z[first + t] - frame.Location) * factor);
            }
        }

        for (int i = 0; i < sizes.Targets && sizes.Scaling == WindowScaling.Seasonal; i++, row++)
        {
            Real[] z = series.Targets[window.Target + i];
            for (int t = 0; t < sizes.Lookback; t++)
            {
                int before = first + t - sizes.Season;
                values[(t * Sizes.PastFeatures) + row] = before < 0 ? 0 : z[first + t] - z[before];
            }
        }

        foreach (Real[] covariate in series.Past)
        {
            Copy(covariate, first, sizes.Lookback, values, sizes.PastFeatures, row++);
        }

        foreach (Real[] covariate in series.Future)
        {
            Copy(covariate, first, sizes.Lookback, values, sizes.PastFeatures, row++);
        }
    }

    /// <summary>Copies steps of a covariate into a row; before its beginning it is 0.</summary>
    internal static void Copy(Real[] covariate, int first, int count, Span<Real> values, int features, int row)
    {
        for (int t = 0; t < count; t++)
        {
            values[(t * features) + row] = first + t < 0 ? 0 : covariate[Math.Min(first + t, covariate.Length - 1)];
        }
    }
}

/// <summary>The covariates that are known ahead, over the horizon: (horizon, features).</summary>
internal sealed class FutureSource(NetworkWindows windows)
    : WindowSource(windows, windows.Sizes.Horizon, windows.Sizes.FutureFeatures)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        int row = 0;
        foreach (Real[] covariate in window.Series.Future)
        {
            PastSource.Copy(covariate, window.End + 1, Sizes.Horizon, values, Sizes.FutureFeatures, row++);
        }
    }
}

/// <summary>The static features of the series: (features).</summary>
internal sealed class StaticSource(NetworkWindows windows) : WindowSource(windows, windows.Sizes.StaticFeatures)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values) =>
        Windows.At(sample).Series.Attributes.CopyTo(values);
}

/// <summary>Which variable a sample is of, or, where all are forecast together, which series: (1).</summary>
internal sealed class ChannelSource(NetworkWindows windows) : WindowSource(windows, 1)
{
    /// <inheritdoc/>
    internal override int MostId => Sizes.Channels - 1;

    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        values[0] = Windows.Parts > 1 ? window.Target : window.Place % Sizes.Channels;
    }
}

/// <summary>What comes: (horizon · targets, 1), in the units of the window.</summary>
internal sealed class TargetSource(NetworkWindows windows)
    : WindowSource(windows, windows.Sizes.Horizon * windows.Sizes.Targets, 1)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        int targets = Sizes.Targets;
        for (int i = 0; i < targets; i++)
        {
            Real[] z = window.Series.Targets[window.Target + i];
            WindowFrame frame = Windows.FrameOf(window, window.Target + i);
            double factor = 1 / frame.Size;
            for (int h = 0; h < Sizes.Horizon; h++)
            {
                double from = Windows.BaseOf(window, window.Target + i, h, frame);
                values[(h * targets) + i] = (Real)((z[window.End + 1 + h] - from) * factor);
            }
        }
    }
}

/// <summary>
/// How much each target counts: (horizon · targets, 1). A missing one does not; where windows are scaled by size, a loss counts
/// as it would in the units of the series.
/// </summary>
/// <param name="windows">The windows.</param>
/// <param name="power">By which power of the size the loss grows: 1 for absolute errors, 2 for squared ones.</param>
internal sealed class WeightSource(NetworkWindows windows, int power)
    : WindowSource(windows, windows.Sizes.Horizon * windows.Sizes.Targets, 1)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        int targets = Sizes.Targets;
        for (int i = 0; i < targets; i++)
        {
            double size = Sizes.Scaling == WindowScaling.Standard
                ? Windows.FrameOf(window, window.Target + i).Size
                : 1;
            var weight = (Real)(power == 2 ? size * size : size);
            for (int h = 0; h < Sizes.Horizon; h++)
            {
                values[(h * targets) + i] =
                    window.Series.IsObserved(window.Target + i, window.End + 1 + h) ? weight : 0;
            }
        }
    }
}
