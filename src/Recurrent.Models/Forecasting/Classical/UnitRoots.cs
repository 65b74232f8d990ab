using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>How many differences make a series stationary.</summary>
public static class UnitRoots
{
    // Critical values of the statistic for a level, of 10, 5, 2.5 and 1 % (Kwiatkowski et al., 1992, table 1).
    private const double FivePercent = 0.463;

    // Above this strength a season wanders too much, or is too strong, to be left to coefficients (Wang, Smith and Hyndman,
    // 2006).
    private const double StrongSeason = 0.64;

    /// <summary>
    /// The statistic of Kwiatkowski, Phillips, Schmidt and Shin for a series that is stationary around a level,
    /// Σ S_t² / (n² s²), with S_t the partial sums of y − ȳ and s² their long-run variance by Bartlett weights. Above 0.463
    /// that is rejected at 5 %.
    /// </summary>
    /// <param name="values">The series, oldest first, without missing values.</param>
    /// <param name="lags">Autocovariances in s²; null takes ⌊3√n / 13⌋.</param>
    /// <returns>The statistic; 0 for a series that does not vary.</returns>
    /// <exception cref="ArgumentException">A value is missing or infinite, or there are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lags"/> is negative.</exception>
    public static double Kpss(ReadOnlySpan<double> values, int? lags = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lags ?? 0, nameof(lags));
        double[] residuals = Centred.Of(values, nameof(values));
        int count = residuals.Length;
        int most = Math.Min(count - 1, lags ?? (int)(3 * Math.Sqrt(count) / 13));
        double[] covariances = YuleWalker.Autocovariances(residuals, most);
        double variance = covariances[0];
        for (int lag = 1; lag <= most; lag++)
        {
            variance += 2 * (1 - (lag / (most + 1.0))) * covariances[lag];
        }

        double sum = 0;
        double squares = 0;
        foreach (double residual in residuals)
        {
            sum += residual;
            squares += sum * sum;
        }

        return variance > 0 ? squares / ((double)count * count * variance) : 0;
    }

    /// <summary>
    /// The number of differences after which the test of Kwiatkowski and others (<see cref="Kpss"/>) no longer rejects that the
    /// series is stationary, at 5 %.
    /// </summary>
    /// <param name="values">The series, oldest first, without missing values.</param>
    /// <param name="most">At most so many.</param>
    /// <returns>0 to <paramref name="most"/>.</returns>
    /// <exception cref="ArgumentException">A value is missing or infinite.</exception>
    public static int Differences(ReadOnlySpan<double> values, int most = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        double[] rest = values.ToArray();
        int differences = 0;
        while (differences < most && rest.Length > 2 && !Varies.Not(rest) && Kpss(rest) > FivePercent)
        {
            rest = Differencing.Of(rest, 1);
            differences++;
        }

        return differences;
    }

    /// <summary>
    /// The number of seasonal differences: while the season's strength, 1 − Var(remainder) / Var(season + remainder) of a
    /// decomposition by <see cref="Mstl"/>, is above 0.64 (Wang, Smith and Hyndman, 2006).
    /// </summary>
    /// <param name="values">The series, oldest first, without missing values.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <param name="most">At most so many.</param>
    /// <returns>0 to <paramref name="most"/>; 0 where the series holds no more than two seasons.</returns>
    /// <exception cref="ArgumentException">A value is missing or infinite, or the season is below 1.</exception>
    public static int SeasonalDifferences(ReadOnlySpan<double> values, int season, int most = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        double[] rest = values.ToArray();
        Finite.Check(rest, nameof(values));
        int differences = 0;
        while (season > 1 && differences < most && rest.Length > 2 * season && !Varies.Not(rest)
            && Mstl.Decompose(rest, [season]).SeasonalStrength() > StrongSeason)
        {
            rest = Differencing.Of(rest, season);
            differences++;
        }

        return differences;
    }
}
