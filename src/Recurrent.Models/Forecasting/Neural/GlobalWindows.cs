namespace Recurrent.Forecasting;

/// <summary>What networks over whole panels see, where nothing is said.</summary>
internal static class GlobalWindows
{
    private const int Longest = 672;

    /// <summary>Steps to look back on: a week where a season is a day of hours or parts of them, two of any other long season,
    /// three of a short one, and two horizons at least.</summary>
    public static int Lookback(int season, int horizon) => season switch
    {
        24 or 48 or 96 => 7 * season,
        > 24 => TwoOf(season),
        > 1 => Math.Max(3 * season, 2 * horizon),
        _ => Math.Max(2 * horizon, 8),
    };

    /// <summary>Two seasons, or horizons, as long as they are no longer than four weeks of hours; one at least.</summary>
    public static int TwoOf(int steps) => Math.Max(steps, (int)Math.Min(2L * steps, Longest));

    /// <summary>Steps that must be known: a season and a few more; what a window lacks is 0.</summary>
    public static int LeastHistory(int lookback, int season) => Math.Min(lookback, season > 1 ? season + 2 : 4);
}

/// <summary>
/// What a window was before it was scaled: (3). The mean size of its steps' differences and of its seasonal differences in units
/// of its deviation, and the logarithm of the deviation itself in the units of the series, relative to the level where the series
/// is on no logarithmic scale.
/// </summary>
internal sealed class SummarySource(NetworkWindows windows) : WindowSource(windows, windows.Sizes.Targets * Features)
{
    /// <summary>Numbers for each target.</summary>
    public const int Features = 3;

    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        int season = Sizes.Season;
        for (int i = 0; i < Sizes.Targets; i++)
        {
            Real[] z = window.Series.Targets[window.Target + i];
            SeriesScale scale = window.Series.Scales[window.Target + i];
            WindowFrame frame = Windows.FrameOf(window, window.Target + i);
            int first = Math.Max(0, window.End - Sizes.Lookback + 1);
            double size = frame.Size * scale.Deviation;
            double level = scale.IsLog ? 1 : Math.Max(Math.Abs(scale.Back(frame.Location)), size);
            values[i * Features] = (Real)(Rough(z, first, window.End, 1) / frame.Size);
            values[(i * Features) + 1] = (Real)(Rough(z, first, window.End, season) / frame.Size);
            values[(i * Features) + 2] = (Real)Math.Log(Math.Max(size / level, 1e-6));
        }
    }

    private static double Rough(Real[] z, int first, int end, int lag)
    {
        double sum = 0;
        for (int t = first + lag; t <= end; t++)
        {
            sum += Math.Abs(z[t] - z[t - lag]);
        }

        return sum / Math.Max(1, end - first + 1);
    }
}

/// <summary>
/// How much each target counts: (horizon · targets, 1), 0 where it is missing. In the units of a window an error counts as its
/// size in units of the mean seasonal difference of the series, as MASE has it, and, on a logarithmic scale, relative to the
/// level too, as sMAPE has it, each divided by what a simple forecast of such series is off.
/// </summary>
internal sealed class RelativeWeightSource(NetworkWindows windows)
    : WindowSource(windows, windows.Sizes.Horizon * windows.Sizes.Targets, 1)
{
    // The means of Naive 2 over the hourly series of M4 are 2.395 for MASE and 18.383 % for sMAPE; any others of this order do.
    private const double TypicalScaled = 2.4;
    private const double TypicalRelative = 0.18;
    private const double MostWeight = 20;
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<Real[], object> costs = [];

    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        int targets = Sizes.Targets;
        for (int i = 0; i < targets; i++)
        {
            int target = window.Target + i;
            double cost = (double)costs.GetValue(
                window.Series.Targets[target], z => CostOf(z, window.Series.Scales[target], Sizes.Season));
            var weight = (Real)Math.Min(MostWeight, cost * Windows.FrameOf(window, target).Size);
            for (int h = 0; h < Sizes.Horizon; h++)
            {
                values[(h * targets) + i] = window.Series.IsObserved(target, window.End + 1 + h) ? weight : 0;
            }
        }
    }

    /// <summary>What an error of 1 on the scale of a series costs.</summary>
    private static double CostOf(Real[] z, SeriesScale scale, int season)
    {
        int lag = z.Length > season ? season : 1;
        double sum = 0;
        for (int t = lag; t < z.Length; t++)
        {
            sum += Math.Abs(z[t] - z[t - lag]);
        }

        double naive = Math.Max(sum / Math.Max(1, z.Length - lag), 0.01);
        return scale.IsLog
            ? 0.5 * ((1 / (TypicalScaled * naive)) + (scale.Deviation / TypicalRelative))
            : 1 / (TypicalScaled * naive);
    }
}
