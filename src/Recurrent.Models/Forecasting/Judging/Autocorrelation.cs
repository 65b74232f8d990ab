using MathNet.Numerics;

namespace Recurrent.Forecasting;

/// <summary>How a series depends on its own past, and whether what a model left still does.</summary>
public static class Autocorrelation
{
    /// <summary>The autocorrelations ρ(k) = Σ (y_t − ȳ)(y_{t+k} − ȳ) / Σ (y_t − ȳ)², k = 0, 1, …,
    /// <paramref name="lags"/>.</summary>
    /// <param name="values">The series, oldest first, without missing values.</param>
    /// <param name="lags">The largest lag; the result is shorter where the series is.</param>
    /// <returns>ρ(0) = 1, ρ(1), …; zeros but for the first where the series does not vary.</returns>
    /// <exception cref="ArgumentException">A value is missing or infinite, or there are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lags"/> is negative.</exception>
    public static double[] Of(ReadOnlySpan<double> values, int lags)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lags);
        double[] covariances = YuleWalker.Autocovariances(Centred.Of(values, nameof(values)), Math.Min(lags, values.Length - 1));
        double variance = covariances[0];
        for (int lag = 0; lag < covariances.Length; lag++)
        {
            covariances[lag] = lag == 0 ? 1 : variance > 0 ? covariances[lag] / variance : 0;
        }

        return covariances;
    }

    /// <summary>The partial autocorrelations, of lag 1, 2, …: what a value and the one k steps before have in common beyond
    /// those between them, by the recursion of Levinson and Durbin.</summary>
    /// <param name="values">The series, oldest first, without missing values.</param>
    /// <param name="lags">The largest lag; the result is shorter where the series is.</param>
    /// <returns>That of lag 1 first; zeros where the series does not vary.</returns>
    /// <exception cref="ArgumentException">A value is missing or infinite, or there are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lags"/> is negative.</exception>
    public static double[] Partial(ReadOnlySpan<double> values, int lags)
    {
        double[] correlations = Of(values, lags);
        var partial = new double[correlations.Length - 1];
        if (!Varies.Not(values))
        {
            _ = YuleWalker.Recurse(correlations, partial.Length, (k, phi, _) => partial[k - 1] = phi[k - 1]);
        }

        return partial;
    }

    /// <summary>
    /// The portmanteau test of Ljung and Box (1978) that a series does not depend on its past:
    /// Q = n(n + 2) Σ_{k=1}^{h} ρ(k)² / (n − k), compared with χ² of h − <paramref name="fitted"/> degrees of freedom.
    /// </summary>
    /// <param name="residuals">The residuals of a model, oldest first; those that are NaN at the beginning are left out.</param>
    /// <param name="lags">h; null takes min(10, n/5), or min(2m, n/5) with a season of m steps, but at least
    /// <paramref name="fitted"/> + 3.</param>
    /// <param name="fitted">How many coefficients of autoregression and moving average the model estimated.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">A residual is missing or infinite, or there are fewer than 3.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Another number is out of range.</exception>
    public static TestResult LjungBox(ReadOnlySpan<double> residuals, int? lags = null, int fitted = 0, int season = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fitted);
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 1);
        residuals = Known(residuals);
        int count = residuals.Length;
        int most = lags ?? Math.Max(fitted + 3, Math.Min(season > 1 ? 2 * season : 10, count / 5));
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(lags));
        most = Math.Min(most, count - 1);
        double[] correlations = Of(residuals, most);
        double sum = 0;
        for (int lag = 1; lag <= most; lag++)
        {
            sum += correlations[lag] * correlations[lag] / (count - lag);
        }

        double statistic = count * (count + 2.0) * sum;
        return new(statistic, ChiSquaredTail(statistic, Math.Max(1, most - fitted)));
    }

    /// <summary>
    /// The test of Jarque and Bera (1980) that numbers are normally distributed: n/6 (S² + (K − 3)²/4) of their skewness S and
    /// kurtosis K, compared with χ² of 2 degrees of freedom.
    /// </summary>
    /// <param name="residuals">The numbers; those that are NaN at the beginning are left out.</param>
    /// <exception cref="ArgumentException">One is missing or infinite, or there are fewer than 3.</exception>
    public static TestResult JarqueBera(ReadOnlySpan<double> residuals)
    {
        double[] centred = Centred.Of(Known(residuals), nameof(residuals));
        double second = 0;
        double third = 0;
        double fourth = 0;
        foreach (double value in centred)
        {
            double square = value * value;
            second += square / centred.Length;
            third += square * value / centred.Length;
            fourth += square * square / centred.Length;
        }

        if (!(second > 0))
        {
            return new(0, 1);
        }

        double skewness = third / Math.Pow(second, 1.5);
        double excess = (fourth / (second * second)) - 3;
        double statistic = centred.Length / 6.0 * ((skewness * skewness) + (excess * excess / 4));
        return new(statistic, ChiSquaredTail(statistic, 2));
    }

    /// <summary>The probability that χ² exceeds a value.</summary>
    internal static double ChiSquaredTail(double statistic, int freedom) =>
        statistic > 0 ? SpecialFunctions.GammaUpperRegularized(freedom / 2.0, statistic / 2) : 1;

    private static ReadOnlySpan<double> Known(ReadOnlySpan<double> residuals)
    {
        int start = 0;
        while (start < residuals.Length && double.IsNaN(residuals[start]))
        {
            start++;
        }

        return residuals.Length - start >= 3 ? residuals[start..] : throw new ArgumentException(
            FormattableString.Invariant($"The test needs at least 3 residuals, but there are {residuals.Length - start}."),
            nameof(residuals));
    }
}
