namespace Recurrent.Forecasting;

/// <summary>What an autoregressive network reads at each step of look-back and horizon but the first: the value before it, the
/// one a season before, where there is a season, what is known ahead, and the static features.</summary>
internal sealed class AutoregressiveSource(NetworkWindows windows)
    : WindowSource(windows, DeepAR.StepsOf(windows.Sizes), FeaturesOf(windows.Sizes))
{
    /// <summary>Numbers of a step.</summary>
    public static int FeaturesOf(NetworkSizes sizes) => LagsOf(sizes) + sizes.FutureFeatures + sizes.StaticFeatures;

    /// <summary>Values of the past that a step reads.</summary>
    public static int LagsOf(NetworkSizes sizes) => sizes.Season > 1 ? 2 : 1;

    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        int features = FeaturesOf(Sizes);
        int first = window.End - Sizes.Lookback + 1;
        for (int step = 0; step < DeepAR.StepsOf(Sizes); step++)
        {
            Fill(Windows, window, first + step + 1, values.Slice(step * features, features));
        }
    }

    /// <summary>What is read at a step of a series, where its past is known.</summary>
    public static void Fill(NetworkWindows windows, in WindowPlace window, int t, Span<Real> values)
    {
        WindowFrame frame = windows.FrameOf(window, window.Target);
        Real[] z = window.Series.Targets[window.Target];
        values[0] = At(z, t - 1, frame);
        if (LagsOf(windows.Sizes) > 1)
        {
            values[1] = At(z, t - windows.Sizes.Season, frame);
        }

        FillKnown(windows.Sizes, window.Series, t, values);
    }

    /// <summary>What is read beside the past: covariates known ahead, and static features.</summary>
    public static void FillKnown(NetworkSizes sizes, NetworkSeries series, int t, Span<Real> values)
    {
        int row = LagsOf(sizes);
        foreach (Real[] covariate in series.Future)
        {
            values[row++] = t < 0 ? 0 : covariate[Math.Min(t, covariate.Length - 1)];
        }

        series.Attributes.CopyTo(values[row..]);
    }

    private static Real At(Real[] z, int t, WindowFrame frame) =>
        t < 0 || t >= z.Length ? 0 : (Real)((z[t] - frame.Location) / frame.Size);
}

/// <summary>What each step of a window is, in its units or as it is.</summary>
/// <param name="windows">The windows.</param>
/// <param name="counts">Whether as it is, for distributions of counts.</param>
internal sealed class NextStepSource(NetworkWindows windows, bool counts)
    : WindowSource(windows, DeepAR.StepsOf(windows.Sizes), 1)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        WindowFrame frame = Windows.FrameOf(window, window.Target);
        Real[] z = window.Series.Targets[window.Target];
        SeriesScale scale = window.Series.Scales[window.Target];
        int first = window.End - Sizes.Lookback + 2;
        for (int step = 0; step < values.Length; step++)
        {
            int t = first + step;

            // A count is whole up to rounding, and none is below 0.
            values[step] = t < 0 ? 0
                : counts ? (Real)Math.Max(0, Math.Round(scale.Back(z[t]), 3))
                : (Real)((z[t] - frame.Location) / frame.Size);
        }
    }
}

/// <summary>1 for each step of a window that is there, 0 for one that is missing or before the beginning.</summary>
internal sealed class ObservedSource(NetworkWindows windows) : WindowSource(windows, DeepAR.StepsOf(windows.Sizes), 1)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        int first = window.End - Sizes.Lookback + 2;
        for (int step = 0; step < values.Length; step++)
        {
            values[step] = first + step >= 0 && window.Series.IsObserved(window.Target, first + step) ? 1 : 0;
        }
    }
}

/// <summary>The logarithm of what a window was divided by, at each step.</summary>
internal sealed class LogScaleSource(NetworkWindows windows) : WindowSource(windows, DeepAR.StepsOf(windows.Sizes), 1)
{
    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        values.Fill((Real)Math.Log(SizeOf(Windows, window)));
    }

    /// <summary>What a window was divided by, in the units of the series.</summary>
    public static double SizeOf(NetworkWindows windows, in WindowPlace window) => Math.Max(1e-6,
        windows.FrameOf(window, window.Target).Size * window.Series.Scales[window.Target].Deviation);
}
