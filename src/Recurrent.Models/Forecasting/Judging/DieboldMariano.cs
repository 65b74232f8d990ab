using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// Whether one method's forecasts are better than another's, beyond chance: the test of Diebold and Mariano (1995) with the
/// correction for few forecasts of Harvey, Leybourne and Newbold (1997).
/// </summary>
/// <remarks>
/// Of the differences of losses d_t = L(e₁) − L(e₂), n of them, of forecasts h steps ahead:
/// DM = d̄ / √((γ(0) + 2 Σ_{k&lt;h} γ(k)) / n), times √((n + 1 − 2h + h(h − 1)/n) / n), compared with Student's t of n − 1
/// degrees of freedom. That variance need not be positive: where it is not, the weights of Bartlett are taken, with which it is.
/// </remarks>
public static class DieboldMariano
{
    /// <summary>The test, of errors.</summary>
    /// <param name="first">Errors of the first method's forecasts, all as many steps ahead, in the order of time.</param>
    /// <param name="second">Errors of the second method's forecasts of the same values.</param>
    /// <param name="horizon">How many steps ahead the forecasts are, h.</param>
    /// <param name="power">The loss is |e| to this power: 1 for absolute and 2, the default, for squared errors.</param>
    /// <returns>The statistic, negative where the first method is better, and the two-sided probability; 0 and 1 where the
    /// losses do not differ.</returns>
    /// <exception cref="ArgumentException">The numbers of errors differ or are below 2, one is not finite, or a number is out of
    /// range.</exception>
    public static TestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int horizon = 1, double power = 2)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There are {first.Length} errors of one method and {second.Length} of the other."), nameof(second));
        }

        if (!(power > 0) || !double.IsFinite(power))
        {
            throw new ArgumentOutOfRangeException(nameof(power), power, "The power must be above 0.");
        }

        Finite.Check(first, nameof(first));
        Finite.Check(second, nameof(second));

        // In units of the largest error, so that powers stay in range.
        double unit = 0;
        for (int t = 0; t < first.Length; t++)
        {
            unit = Math.Max(unit, Math.Max(Math.Abs(first[t]), Math.Abs(second[t])));
        }

        var losses = new double[first.Length];
        for (int t = 0; t < losses.Length && unit > 0; t++)
        {
            losses[t] = Math.Pow(Math.Abs(first[t] / unit), power) - Math.Pow(Math.Abs(second[t] / unit), power);
        }

        return OfLosses(losses, horizon);
    }

    /// <summary>The test, of differences of losses of any kind.</summary>
    /// <param name="differences">The first method's loss less the second's, in the order of time.</param>
    /// <param name="horizon">How many steps ahead the forecasts are, h.</param>
    /// <returns>The statistic, negative where the first method is better, and the two-sided probability; 0 and 1 where the
    /// losses do not differ.</returns>
    /// <exception cref="ArgumentException">There are fewer than 2, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is below 1, or not below the number of differences.</exception>
    public static TestResult OfLosses(ReadOnlySpan<double> differences, int horizon = 1)
    {
        int count = differences.Length;
        if (count < 2)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The test needs at least 2 forecasts, but there are {count}."), nameof(differences));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(horizon, count);
        Finite.Check(differences, nameof(differences));
        int exponent = Magnitude.Exponent(differences);
        double[] scaled = differences.ToArray();
        double mean = 0;
        for (int t = 0; t < count; t++)
        {
            scaled[t] = Math.ScaleB(scaled[t], -exponent);
            mean += scaled[t] / count;
        }

        for (int t = 0; t < count; t++)
        {
            scaled[t] -= mean;
        }

        double[] covariances = YuleWalker.Autocovariances(scaled, horizon - 1);
        double variance = LongRun(covariances, _ => 1);
        if (!(variance > 0))
        {
            variance = LongRun(covariances, k => 1 - ((double)k / horizon));
        }

        if (!(variance > 1e-28))
        {
            // Losses that differ always by the same amount leave no doubt; equal ones no difference.
            return Math.Abs(mean) < 1e-14 ? new(0, 1) : new(mean < 0 ? double.NegativeInfinity : double.PositiveInfinity, 0);
        }

        double correction = (count + 1 - (2.0 * horizon) + (horizon * (horizon - 1.0) / count)) / count;
        double statistic = mean / Math.Sqrt(variance / count) * Math.Sqrt(correction);
        return new(statistic, StudentT.TwoSided(statistic, count - 1));
    }

    private static double LongRun(double[] covariances, Func<int, double> weight)
    {
        double variance = covariances[0];
        for (int k = 1; k < covariances.Length; k++)
        {
            variance += 2 * weight(k) * covariances[k];
        }

        return variance;
    }
}
