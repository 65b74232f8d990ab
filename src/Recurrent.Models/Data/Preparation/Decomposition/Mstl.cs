using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Decomposition of a series with several seasons, such as a day and a week in hourly values: STL for each season in turn, on
/// what the others leave, twice.
/// </summary>
/// <remarks>
/// K. Bandara, R. J. Hyndman, C. Bergmeir, "MSTL: a seasonal-trend decomposition algorithm for time series with multiple seasonal
/// patterns" (2021), with the defaults of R's <c>mstl</c>: windows of 11, 15, 19 … periods, shortest season first.
/// </remarks>
public static class Mstl
{
    /// <summary>Decomposes a series. Seasons that the series does not hold more than twice are left out.</summary>
    /// <param name="values">The series, oldest first, without missing values.</param>
    /// <param name="seasons">Lengths of the seasons in steps, in any order; each at least 2.</param>
    /// <param name="seasonalWindows">A window for each season, shortest first, as <see cref="Stl"/> takes them; null takes 11,
    /// 15, 19 ….</param>
    /// <param name="robust">Whether outliers are weighted down.</param>
    /// <param name="iterations">How often each season is found anew, at least 1; 2 by default.</param>
    /// <returns>The parts. Where no season is left there is a trend and a remainder.</returns>
    /// <exception cref="ArgumentException">An option is out of range, the series has fewer than 3 values, or a value is missing
    /// or infinite.</exception>
    public static Decomposition Decompose(
        ReadOnlySpan<double> values,
        IReadOnlyList<int> seasons,
        IReadOnlyList<int>? seasonalWindows = null,
        bool robust = false,
        int iterations = 2)
    {
        ArgumentNullException.ThrowIfNull(seasons);
        int[] sorted = [.. seasons.Distinct().Order()];
        new OptionCheck(nameof(Mstl))
            .Require(
                sorted.All(season => season >= 2),
                $"seasons must be at least 2, but are {string.Join(", ", sorted)}",
                nameof(seasons))
            .Require(
                seasonalWindows is null || seasonalWindows.Count == sorted.Length,
                $"there must be a window for each of {sorted.Length} seasons, but there are {seasonalWindows?.Count}")
            .Require(
                seasonalWindows is null || seasonalWindows.All(window => window >= 3),
                $"seasonalWindows must be at least 3, but are {string.Join(", ", seasonalWindows ?? [])}")
            .Positive(nameof(iterations), iterations)
            .Require(
                values.Length >= 3,
                FormattableString.Invariant($"a trend needs at least 3 values, but there are {values.Length}"))
            .ThrowIfAny();
        Finite.Check(values, nameof(values));
        int length = values.Length;
        int[] kept = [.. sorted.Where(season => length > 2L * season)];
        if (kept.Length == 0)
        {
            return TrendAlone(values, robust);
        }

        int[] windows = [.. seasonalWindows?.Take(kept.Length) ?? kept.Select((_, index) => 11 + (4 * index))];
        return Decompose(values, kept, windows, robust, kept.Length == 1 ? 1 : iterations);
    }

    private static Decomposition Decompose(
        ReadOnlySpan<double> values, int[] seasons, int[] windows, bool robust, int iterations)
    {
        double[] rest = [.. values];
        double[][] seasonals = [.. seasons.Select(_ => new double[rest.Length])];
        Decomposition? last = null;
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            for (int season = 0; season < seasons.Length; season++)
            {
                Add(rest, seasonals[season], 1);
                last = Stl.Loosened(rest, seasons[season], windows[season], robust);
                seasonals[season] = last.Seasonal;
                Add(rest, seasonals[season], -1);
            }
        }

        Add(rest, last!.Trend, -1);
        return new(seasons, seasonals, last.Trend, rest, last.Weights);
    }

    /// <summary>A trend over a third of the series.</summary>
    private static Decomposition TrendAlone(ReadOnlySpan<double> values, bool robust)
    {
        var trend = new double[values.Length];
        var remainder = new double[values.Length];
        var weights = new double[values.Length];
        Array.Fill(weights, 1);
        var loess = new Loess();
        int window = Math.Max(5, values.Length / 3) | 1;
        for (int pass = 0; ; pass++)
        {
            loess.Smooth(values, window, 1, 1, pass == 0 ? [] : weights, trend);
            values.CopyTo(remainder);
            Add(remainder, trend, -1);
            if (!robust || pass == 4)
            {
                return new([], [], trend, remainder, weights);
            }

            double[] distances = [.. remainder.Select(Math.Abs)];
            Loess.Bisquare(distances, weights);
        }
    }

    private static void Add(double[] to, double[] part, int sign)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += sign * part[i];
        }
    }
}
