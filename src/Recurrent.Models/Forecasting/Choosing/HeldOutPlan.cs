using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>Which last steps of the series of a panel forecasts are judged on, and from which origins.</summary>
/// <param name="Names">The series that are long enough.</param>
/// <param name="Horizon">Steps of each forecast.</param>
/// <param name="Origins">Number of origins.</param>
/// <param name="Stride">Steps from one to the next.</param>
internal sealed record HeldOutPlan(IReadOnlyList<string> Names, int Horizon, int Origins, int Stride)
{
    // No more than this part of a series is held out.
    private const double LargestPart = 0.4;
    private const double LargestPartOfLong = 0.3;
    private const int Long = 200;
    private const int DefaultLeast = 8;

    // With many series a few origins are enough.
    private const int EnoughForecasts = 300;

    /// <summary>A plan for a panel; null where every series is too short.</summary>
    /// <param name="panel">The series.</param>
    /// <param name="horizon">Steps of each forecast, at most.</param>
    /// <param name="origins">Number of origins, at most.</param>
    /// <param name="least">How many steps are left to learn from, at least.</param>
    internal static HeldOutPlan? For(SeriesPanel panel, int horizon, int origins, int least = DefaultLeast)
    {
        int longest = panel.Max(series => series.Count);
        int held = Math.Min(Math.Max(horizon, (int)(longest * (longest >= Long ? LargestPartOfLong : LargestPart))),
            longest - least);
        int steps = Math.Min(horizon, held);
        if (steps < 1)
        {
            return null;
        }

        int most = Math.Max(1, Math.Min(origins, (EnoughForecasts + panel.Count - 1) / panel.Count));
        int stride = most == 1 ? 1 : Math.Clamp((held - steps) / (most - 1), 1, steps);
        int count = Math.Min(most, ((held - steps) / stride) + 1);
        int needed = steps + ((count - 1) * stride) + least;
        while (count > 1 && panel.Count(series => series.Count >= needed) < (panel.Count + 1) / 2)
        {
            count--;
            needed = steps + ((count - 1) * stride) + least;
        }

        string[] names = [.. panel.Where(series => series.Count >= needed).Select(series => series.Name)];
        return names.Length == 0 ? null : new(names, steps, count, stride);
    }

    /// <summary>How many forecasts fit side by side, of all series together: what overlaps says the same again.</summary>
    internal double Independent => Names.Count * (1 + ((Origins - 1) * (double)Stride / Horizon));

    /// <summary>What lies before an origin.</summary>
    internal SeriesPanel Before(SeriesPanel panel, int origin) =>
        panel.Select(Names).Map(series => series.Slice(0, End(series, origin)));

    /// <summary>What comes from one origin to the next, of the series that a method knows.</summary>
    internal SeriesPanel Between(SeriesPanel panel, int origin, Forecaster method) =>
        panel.Select(Known(method)).Map(series => series.Slice(End(series, origin), Stride));

    /// <summary>The steps after an origin, of the series that a method knows.</summary>
    internal SeriesPanel Ahead(SeriesPanel panel, int origin, Forecaster method) =>
        panel.Select(Known(method)).Map(series => series.Slice(End(series, origin), Horizon));

    private static string[] Known(Forecaster method) => [.. method.Series.Select(series => series.Name)];

    private int End(TimeSeries series, int origin) => series.Count - Horizon - ((Origins - 1 - origin) * Stride);
}
