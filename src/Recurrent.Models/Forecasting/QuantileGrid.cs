namespace Recurrent.Forecasting;

/// <summary>
/// A predictive distribution for each of several steps: a point forecast, and quantiles at fixed <see cref="Levels"/>.
/// </summary>
/// <remarks>
/// Between two levels a quantile is linear in Φ⁻¹(p), and beyond the outer ones it goes on so: a normal distribution is held
/// exactly, any other closely. Quantiles of a step that cross are put in order (Chernozhukov, Fernández-Val and Galichon,
/// "Quantile and probability curves without crossing", 2010). Nothing changes a grid once it is made.
/// </remarks>
public sealed class QuantileGrid
{
    private static readonly double[] Probabilities =
    [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5,
        0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99, 0.995,
    ];

    private static readonly double[] Scores = [.. Probabilities.Select(Gaussian.Quantile)];

    // Probabilities (i + ½) / 200 on the normal scale, and the level above each.
    private static readonly double[] FineScores = [.. Enumerable.Range(0, 200).Select(i => Gaussian.Quantile((i + 0.5) / 200))];

    private static readonly int[] FineLevels = [.. FineScores.Select(score =>
        Math.Clamp(Scores.Count(level => level < score), 1, Scores.Length - 1))];

    private readonly double[] point;

    // Step after step, one number for each level.
    private readonly double[] quantiles;

    private QuantileGrid(double[] point, double[] quantiles)
    {
        for (int step = 0; step < point.Length; step++)
        {
            Span<double> row = quantiles.AsSpan(step * Probabilities.Length, Probabilities.Length);
            if (!double.IsFinite(point[step]) || !AllFinite(row))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"the forecast of step {step + 1} is not a finite number: its point is {point[step]}, its quantiles ")
                    + FormattableString.Invariant($"reach from {row[0]} to {row[^1]}."));
            }

            row.Sort();
        }

        this.point = point;
        this.quantiles = quantiles;
    }

    /// <summary>The probabilities of the quantiles that are held, from 0.005 to 0.995; the middle one is 0.5.</summary>
    public static IReadOnlyList<double> Levels => Probabilities;

    /// <summary>Number of steps.</summary>
    public int Horizon => point.Length;

    /// <summary>The point forecast of each step.</summary>
    public ReadOnlySpan<double> Point => point;

    /// <summary>Makes a grid of its numbers, which are copied.</summary>
    /// <param name="point">The point forecast of each step.</param>
    /// <param name="quantiles">The quantiles, step after step, one for each of <see cref="Levels"/>.</param>
    /// <exception cref="ArgumentException">There are not as many quantiles, or a number is not finite.</exception>
    public static QuantileGrid Of(ReadOnlySpan<double> point, ReadOnlySpan<double> quantiles) =>
        quantiles.Length == (long)point.Length * Probabilities.Length
            ? new(point.ToArray(), quantiles.ToArray())
            : throw new ArgumentException(FormattableString.Invariant(
                $"{point.Length} steps have {(long)point.Length * Probabilities.Length} quantiles, {Probabilities.Length} each, ")
                + FormattableString.Invariant($"but there are {quantiles.Length}."), nameof(quantiles));

    /// <summary>Makes a grid from a function.</summary>
    /// <param name="point">The point forecast of each step.</param>
    /// <param name="quantile">The quantile of a step, from 0, at a probability.</param>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static QuantileGrid From(ReadOnlySpan<double> point, Func<int, double, double> quantile)
    {
        ArgumentNullException.ThrowIfNull(quantile);
        var quantiles = new double[point.Length * Probabilities.Length];
        for (int i = 0; i < quantiles.Length; i++)
        {
            quantiles[i] = quantile(i / Probabilities.Length, Probabilities[i % Probabilities.Length]);
        }

        return new(point.ToArray(), quantiles);
    }

    /// <summary>Normal distributions around the point forecasts.</summary>
    /// <param name="point">The mean of each step.</param>
    /// <param name="sigma">The standard deviation of each step, at least 0.</param>
    /// <exception cref="ArgumentException">A number is not finite, or the lengths differ.</exception>
    public static QuantileGrid Normal(ReadOnlySpan<double> point, ReadOnlySpan<double> sigma)
    {
        if (sigma.Length != point.Length)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There are {point.Length} means but {sigma.Length} standard deviations."), nameof(sigma));
        }

        var quantiles = new double[point.Length * Probabilities.Length];
        for (int i = 0; i < quantiles.Length; i++)
        {
            int step = i / Probabilities.Length;
            quantiles[i] = point[step] + (sigma[step] * Scores[i % Probabilities.Length]);
        }

        return new(point.ToArray(), quantiles);
    }

    /// <summary>The distribution of simulated paths: each quantile is that of the paths at the step, linear between two of
    /// them.</summary>
    /// <param name="paths">The paths, each with a number for every step.</param>
    /// <param name="point">The point forecast of each step; empty for the median of the paths.</param>
    /// <exception cref="ArgumentException">There are no paths, their lengths differ, or a number is not finite.</exception>
    public static QuantileGrid FromSamples(IReadOnlyList<double[]> paths, ReadOnlySpan<double> point = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        int horizon = paths.Count == 0 ? 0 : paths[0].Length;
        if (horizon == 0 || paths.Any(path => path.Length != horizon) || (!point.IsEmpty && point.Length != horizon))
        {
            throw new ArgumentException("There must be paths, all as long as the point forecast.", nameof(paths));
        }

        double[] middle = point.IsEmpty ? new double[horizon] : point.ToArray();
        var quantiles = new double[horizon * Probabilities.Length];
        var values = new double[paths.Count];
        for (int step = 0; step < horizon; step++)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = paths[i][step];
            }

            values.AsSpan().Sort();
            for (int level = 0; level < Probabilities.Length; level++)
            {
                quantiles[(step * Probabilities.Length) + level] = OfSorted(values, Probabilities[level]);
            }

            if (point.IsEmpty)
            {
                middle[step] = OfSorted(values, 0.5);
            }
        }

        return new(middle, quantiles);
    }

    /// <summary>The quantiles of a step at the <see cref="Levels"/>.</summary>
    /// <param name="step">The step, from 0.</param>
    public ReadOnlySpan<double> At(int step) => quantiles.AsSpan(step * Probabilities.Length, Probabilities.Length);

    /// <summary>The quantile of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="probability">The probability, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    public double Quantile(int step, double probability)
    {
        CheckProbability(probability);
        ReadOnlySpan<double> row = At(step);
        int upper = Array.BinarySearch(Probabilities, probability);
        if (upper >= 0)
        {
            return row[upper];
        }

        upper = Math.Clamp(~upper, 1, Probabilities.Length - 1);
        double share = (Gaussian.Quantile(probability) - Scores[upper - 1]) / (Scores[upper] - Scores[upper - 1]);
        return Between(row[upper - 1], row[upper], share);
    }

    /// <summary>The quantile of each step.</summary>
    /// <param name="probability">The probability, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    public double[] Quantile(double probability)
    {
        CheckProbability(probability);
        var result = new double[Horizon];
        for (int step = 0; step < result.Length; step++)
        {
            result[step] = Quantile(step, probability);
        }

        return result;
    }

    /// <summary>The central interval of each step.</summary>
    /// <param name="coverage">The probability that it holds what comes, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    public (double[] Low, double[] High) Interval(double coverage)
    {
        CheckProbability(coverage);
        return (Quantile((1 - coverage) / 2), Quantile((1 + coverage) / 2));
    }

    /// <summary>The probability that a step stays at or below a value, as the quantiles have it.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="value">The value.</param>
    public double Probability(int step, double value)
    {
        ReadOnlySpan<double> row = At(step);
        if (row[0] == row[^1])
        {
            return value < row[0] ? 0 : value > row[0] ? 1 : 0.5;
        }

        // Equal quantiles hold a lump of probability: a value on it lies in its middle.
        int first = 0;
        while (first < row.Length && row[first] < value)
        {
            first++;
        }

        int last = first;
        while (last < row.Length && row[last] == value)
        {
            last++;
        }

        if (last > first)
        {
            return (Probabilities[first] + Probabilities[last - 1]) / 2;
        }

        int upper = Math.Clamp(first, 1, row.Length - 1);
        double width = row[upper] - row[upper - 1];
        double share = width > 0 ? (value - row[upper - 1]) / width : value > row[upper] ? 8 : -8;
        return Gaussian.Cdf(Scores[upper - 1] + (share * (Scores[upper] - Scores[upper - 1])));
    }

    /// <summary>The distribution of a function of the values, which must grow with them.</summary>
    /// <param name="transform">Gives the value of a step, from 0, anew.</param>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public QuantileGrid Map(Func<int, double, double> transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        return new(
            [.. point.Select((value, step) => transform(step, value))],
            [.. quantiles.Select((value, i) => transform(i / Probabilities.Length, value))]);
    }

    /// <summary>Twice the mean pinball loss of many quantiles of a step: its CRPS.</summary>
    internal double Crps(int step, double actual)
    {
        ReadOnlySpan<double> row = At(step);
        double sum = 0;
        for (int i = 0; i < FineScores.Length; i++)
        {
            double p = (i + 0.5) / FineScores.Length;
            int upper = FineLevels[i];
            double share = (FineScores[i] - Scores[upper - 1]) / (Scores[upper] - Scores[upper - 1]);
            double q = Between(row[upper - 1], row[upper], share);
            double slope = actual >= q ? p : p - 1;
            sum += (slope * (actual / FineScores.Length)) - (slope * (q / FineScores.Length));
        }

        return 2 * sum;
    }

    /// <summary>The first steps.</summary>
    /// <param name="horizon">Their number.</param>
    public QuantileGrid Take(int horizon) => new(point[..horizon], quantiles[..(horizon * Probabilities.Length)]);

    /// <summary>All quantiles, step after step.</summary>
    internal ReadOnlySpan<double> Quantiles => quantiles;

    /// <summary>The probabilities on the normal scale, Φ⁻¹(p).</summary>
    internal static ReadOnlySpan<double> NormalScores => Scores;

    /// <summary>The quantile of sorted numbers, linear between two of them.</summary>
    internal static double OfSorted(ReadOnlySpan<double> sorted, double probability)
    {
        double place = probability * (sorted.Length - 1);
        int lower = Math.Min((int)place, sorted.Length - 1);
        int upper = Math.Min(lower + 1, sorted.Length - 1);
        return Between(sorted[lower], sorted[upper], place - lower);
    }

    /// <summary>a + share · (b − a), where the difference may be larger than any double.</summary>
    private static double Between(double a, double b, double share) => a == b ? a : (a * (1 - share)) + (b * share);

    private static void CheckProbability(double probability)
    {
        if (probability is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies above 0 and below 1.");
        }
    }

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
