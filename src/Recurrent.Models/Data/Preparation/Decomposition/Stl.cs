using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Seasonal and trend decomposition by locally weighted regression: values = seasonal + trend + remainder. A season may change
/// over time, or be the same in every period; outliers may be kept from both.
/// </summary>
/// <remarks>
/// R. B. Cleveland, W. S. Cleveland, J. E. McRae, I. Terpenning, "STL: a seasonal-trend decomposition procedure based on loess",
/// Journal of Official Statistics 6 (1990). Defaults and results are those of R's <c>stl</c>, but for robust passes in which R
/// 4.2's partial sort misses the median that outliers are measured by: here it is the median.
/// </remarks>
/// <example>
/// <code>
/// Decomposition parts = Stl.Decompose(values, season: 12, robust: true);
/// </code>
/// </example>
public static class Stl
{
    /// <summary>Decomposes a series.</summary>
    /// <param name="values">The series, oldest first, more than two seasons long, without missing values.</param>
    /// <param name="season">Length of a season in steps, at least 2.</param>
    /// <param name="seasonalWindow">Number of periods that each seasonal value is smoothed over, at least 3; even numbers become
    /// the next odd one. Null (the default) keeps the season the same in all periods.</param>
    /// <param name="robust">Whether outliers are weighted down: 15 robust passes of one inner pass each, instead of two inner
    /// passes.</param>
    /// <param name="trendWindow">Number of steps that the trend is smoothed over; null takes the smallest odd number of at least
    /// 1.5·season / (1 − 1.5 / seasonalWindow).</param>
    /// <param name="seasonalDegree">Degree of the seasonal fits, 0 or 1; 0 by default.</param>
    /// <param name="trendDegree">Degree of the trend's fits, 0 or 1; 1 by default.</param>
    /// <returns>The parts, each as long as the series.</returns>
    /// <exception cref="ArgumentException">An option is out of range, the series is too short, or a value is missing or
    /// infinite.</exception>
    public static Decomposition Decompose(
        ReadOnlySpan<double> values,
        int season,
        int? seasonalWindow = null,
        bool robust = false,
        int? trendWindow = null,
        int seasonalDegree = 0,
        int trendDegree = 1)
    {
        new OptionCheck(nameof(Stl))
            .Require(season >= 2, FormattableString.Invariant($"season must be at least 2, but is {season}"), nameof(season))
            .Require(
                values.Length > 2L * season,
                FormattableString.Invariant(
                    $"a season of {season} steps needs more than {2L * season} values, but there are {values.Length}"),
                nameof(values))
            .Require(seasonalWindow is null or >= 3, $"seasonalWindow must be at least 3, but is {seasonalWindow}")
            .Require(trendWindow is null or >= 3, $"trendWindow must be at least 3, but is {trendWindow}")
            .Require(seasonalDegree is 0 or 1, $"seasonalDegree must be 0 or 1, but is {seasonalDegree}")
            .Require(trendDegree is 0 or 1, $"trendDegree must be 0 or 1, but is {trendDegree}")
            .ThrowIfAny();
        Finite.Check(values, nameof(values));
        return Loosened(values, season, seasonalWindow, robust, trendWindow, seasonalDegree, trendDegree);
    }

    /// <summary>The same without checks.</summary>
    internal static Decomposition Loosened(
        ReadOnlySpan<double> values,
        int season,
        int? seasonalWindow,
        bool robust,
        int? trendWindow = null,
        int seasonalDegree = 0,
        int trendDegree = 1)
    {
        // Sums of values near the largest double would be infinite; a power of two rounds nothing.
        int exponent = Magnitude.Exponent(values) > 1000 ? 16 : 0;
        double[] scaled = [.. values];
        Scale(scaled, -exponent);

        // A window this long, with constants, gives each place in the season one value.
        double window = seasonalWindow ?? ((10.0 * values.Length) + 1);
        int trend = trendWindow ?? (int)Math.Ceiling(1.5 * season / (1 - (1.5 / window)));
        var run = new StlRun(scaled, season)
        {
            SeasonalWindow = Odd((int)Math.Min(window, int.MaxValue - 2)),
            SeasonalDegree = seasonalWindow is null ? 0 : seasonalDegree,
            SeasonalJump = (int)Math.Min(int.MaxValue, Math.Ceiling(window / 10)),
            TrendWindow = Odd(trend),
            TrendDegree = trendDegree,
            TrendJump = (int)Math.Ceiling(Odd(trend) / 10.0),
            LowPassWindow = Odd(season),
            LowPassJump = (int)Math.Ceiling(Odd(season) / 10.0),
        };
        run.Run(robust ? 1 : 2, robust ? 15 : 0);
        if (seasonalWindow is null)
        {
            run.KeepSeason();
        }

        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] -= run.Seasonal[i] + run.Trend[i];
        }

        Scale(run.Seasonal, exponent);
        Scale(run.Trend, exponent);
        Scale(scaled, exponent);
        return new([season], [run.Seasonal], run.Trend, scaled, run.Weights);
    }

    private static int Odd(int number) => number % 2 == 0 ? number + 1 : number;

    private static void Scale(Span<double> values, int exponent)
    {
        if (exponent != 0)
        {
            foreach (ref double value in values)
            {
                value = Math.ScaleB(value, exponent);
            }
        }
    }
}
