namespace Recurrent.Data;

/// <summary>
/// A series as a sum of parts: trend, one or several seasonal parts, and what remains. Made by <see cref="Stl"/> and
/// <see cref="Mstl"/>.
/// </summary>
public sealed class Decomposition
{
    internal Decomposition(
        IReadOnlyList<int> seasons, IReadOnlyList<double[]> seasonals, double[] trend, double[] remainder, double[] weights)
    {
        Seasons = seasons;
        Seasonals = seasonals;
        Trend = trend;
        Remainder = remainder;
        Weights = weights;
        Seasonal = new double[trend.Length];
        foreach (double[] part in seasonals)
        {
            for (int i = 0; i < part.Length; i++)
            {
                Seasonal[i] += part[i];
            }
        }
    }

    /// <summary>Length of each season in steps, shortest first; empty where there is none.</summary>
    public IReadOnlyList<int> Seasons { get; }

    /// <summary>The seasonal part of each season, (time).</summary>
    public IReadOnlyList<double[]> Seasonals { get; }

    /// <summary>The sum of all seasonal parts, (time).</summary>
    public double[] Seasonal { get; }

    /// <summary>The trend, (time).</summary>
    public double[] Trend { get; }

    /// <summary>What is neither trend nor season, (time).</summary>
    public double[] Remainder { get; }

    /// <summary>How much each value counted, 0 to 1: all 1 unless the decomposition was robust. (time).</summary>
    public double[] Weights { get; }

    /// <summary>Trend and remainder: the series without its seasons, (time).</summary>
    public double[] SeasonallyAdjusted()
    {
        var adjusted = new double[Trend.Length];
        for (int i = 0; i < adjusted.Length; i++)
        {
            adjusted[i] = Trend[i] + Remainder[i];
        }

        return adjusted;
    }

    /// <summary>The seasonal parts in the steps after the series, where each season repeats its last period.</summary>
    /// <param name="steps">Number of steps, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is negative.</exception>
    public double[] SeasonalAhead(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        var ahead = new double[steps];
        for (int season = 0; season < Seasons.Count; season++)
        {
            ReadOnlySpan<double> last = Seasonals[season].AsSpan()[^Seasons[season]..];
            for (int i = 0; i < steps; i++)
            {
                ahead[i] += last[i % last.Length];
            }
        }

        return ahead;
    }

    /// <summary>
    /// Strength of one seasonal part, 0 to 1: max(0, 1 − Var(remainder) / Var(season + remainder)). Wang, Smith and Hyndman
    /// (2006).
    /// </summary>
    /// <param name="season">Which of <see cref="Seasons"/>, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such season.</exception>
    public double SeasonalStrength(int season = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(season);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(season, Seasons.Count);
        return Strength(Seasonals[season]);
    }

    /// <summary>Strength of the trend, 0 to 1: max(0, 1 − Var(remainder) / Var(trend + remainder)).</summary>
    public double TrendStrength() => Strength(Trend);

    private double Strength(double[] part)
    {
        // In units of the largest value, so that squares stay in range; what is left of rounding is no strength.
        double unit = Math.Max(Largest(Trend), Math.Max(Largest(Seasonal), Largest(Remainder)));
        double rest = Variance(Remainder, null, unit);
        double both = Variance(Remainder, part, unit);
        return both > 1e-26 ? Math.Clamp(1 - (rest / both), 0, 1) : 0;
    }

    private static double Largest(double[] values) =>
        values.Aggregate(0.0, (largest, value) => Math.Max(largest, Math.Abs(value)));

    private static double Variance(double[] values, double[]? others, double unit)
    {
        double mean = 0;
        for (int i = 0; i < values.Length; i++)
        {
            mean += ((values[i] / unit) + ((others?[i] ?? 0) / unit)) / values.Length;
        }

        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double deviation = (values[i] / unit) + ((others?[i] ?? 0) / unit) - mean;
            sum += deviation * deviation;
        }

        return sum / Math.Max(1, values.Length - 1);
    }
}
