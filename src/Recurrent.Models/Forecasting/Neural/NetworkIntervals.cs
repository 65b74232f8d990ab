using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// What the intervals of a network have to be moved by to hold what comes as often as they say, learnt from forecasts of what it
/// has not seen.
/// </summary>
/// <remarks>
/// With m the median of step h, [l, u] its interval of coverage 1 − α and s_h the root mean square of the errors y − m, all in
/// units of the series' deviation (of its logarithms, where these are forecast), each y has a score
/// <c>e = max(l − y, y − u) / s_h</c>, and the interval becomes <c>[l − c·s_h, u + c·s_h]</c> with c the ⌈(n + 1)(1 − α)⌉-th
/// smallest of the n scores of all steps: conformalized quantile regression (Romano, Patterson and Candès, 2019), and the same
/// on both sides. Where that is narrower, it is believed the less, the fewer windows were independent. Where the windows have
/// also said when training was to stop, they are forecast better than what comes: with n of them independent an interval is
/// widened by what that of Student's t of 2·n degrees of freedom is wider than the normal one.
/// </remarks>
internal sealed class NetworkIntervals
{
    // Scores that a size of errors of its own takes, per step: neighbours are taken in until there are so many.
    private const int EnoughForStep = 20;

    // Two t distributions of more degrees of freedom are one.
    private const double MostFreedom = 400;
    private const double LeastFreedom = 3;

    private readonly double[] sizes;
    private readonly double[] moves;
    private readonly double freedom;
    private readonly double[] wider;

    private NetworkIntervals(double[] sizes, double[] moves, double freedom)
    {
        (this.sizes, this.moves, this.freedom) = (sizes, moves, freedom);
        wider = [.. Enumerable.Range(0, Pairs).Select(pair => freedom >= MostFreedom ? 1
            : StudentT.Quantile(QuantileGrid.Levels[pair], freedom) / Gaussian.Quantile(QuantileGrid.Levels[pair]))];
    }

    private static int Pairs => QuantileGrid.Levels.Count / 2;

    /// <summary>Learns from forecasts and what came, in units of deviations; NaN where it is not known.</summary>
    /// <param name="outcomes">The forecasts, all of the same horizon, and for each step what came.</param>
    /// <param name="trust">How far to go where they are too wide.</param>
    /// <param name="independent">How many of the outcomes are independent, where they have said when to stop; null where they
    /// have not.</param>
    /// <returns>Null where nothing is known.</returns>
    public static NetworkIntervals? Of(
        IReadOnlyList<(QuantileGrid Forecast, double[] Actual)> outcomes, CalibrationTrust trust, double? independent)
    {
        if (!outcomes.Any(outcome => outcome.Actual.Any(double.IsFinite)))
        {
            return null;
        }

        double[] sizes = Sizes(outcomes);
        var scores = new List<double>[Pairs];
        for (int pair = 0; pair < Pairs; pair++)
        {
            scores[pair] = [];
            foreach ((QuantileGrid forecast, double[] actual) in outcomes)
            {
                for (int step = 0; step < actual.Length; step++)
                {
                    ReadOnlySpan<double> row = forecast.At(step);
                    double beyond = Math.Max(row[pair] - actual[step], actual[step] - row[^(pair + 1)]) / sizes[step];
                    if (double.IsFinite(beyond))
                    {
                        scores[pair].Add(beyond);
                    }
                }
            }
        }

        double[] moves = [.. scores.Select((of, pair) =>
        {
            double[] sorted = [.. of.Order()];
            int place = (int)Math.Ceiling((sorted.Length + 1) * (1 - (2 * QuantileGrid.Levels[pair])));
            double move = sorted[Math.Clamp(place - 1, 0, sorted.Length - 1)];
            return move < 0 ? move * trust.Narrower : move * trust.Wider;
        })];
        return new(sizes, moves, independent is { } many ? Math.Clamp(2 * many, LeastFreedom, MostFreedom) : MostFreedom);
    }

    /// <summary>The intervals that hold.</summary>
    /// <param name="grid">The network's own, in units of deviations.</param>
    public QuantileGrid Apply(QuantileGrid grid)
    {
        int middle = Pairs;
        var quantiles = new double[grid.Quantiles.Length];
        for (int step = 0; step < grid.Horizon; step++)
        {
            ReadOnlySpan<double> row = grid.At(step);
            Span<double> to = quantiles.AsSpan(step * row.Length, row.Length);
            double size = sizes[Math.Min(step, sizes.Length - 1)];
            to[middle] = row[middle];
            for (int pair = middle - 1; pair >= 0; pair--)
            {
                // From the middle outwards, so that none crosses the one inside it.
                double low = row[middle] - row[pair] + (moves[pair] * size);
                double high = row[^(pair + 1)] - row[middle] + (moves[pair] * size);
                to[pair] = Math.Min(row[middle] - (wider[pair] * low), to[pair + 1]);
                to[^(pair + 1)] = Math.Max(row[middle] + (wider[pair] * high), to[^(pair + 2)]);
            }
        }

        return QuantileGrid.Of(grid.Point, quantiles);
    }

    /// <summary>As plain data.</summary>
    public Config ToConfig() => new()
    {
        { "sizes", StoredState.Pack(sizes) },
        { "moves", StoredState.Pack(moves) },
        { "freedom", freedom },
    };

    /// <summary>Reads what <see cref="ToConfig"/> wrote.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    public static NetworkIntervals Read(ConfigReader reader, int horizon)
    {
        double[] sizes = StoredState.Numbers(reader, "sizes");
        double[] moves = StoredState.Numbers(reader, "moves");
        double freedom = reader.Double("freedom");
        return sizes.Length == horizon && moves.Length == Pairs && sizes.All(size => size > 0)
            && freedom is >= LeastFreedom and <= MostFreedom ? new(sizes, moves, freedom)
            : throw new ConfigException("The sizes of the intervals do not fit the network.") { Option = "intervals" };
    }

    /// <summary>The root mean square error of each step and, where there are few errors, of its neighbours.</summary>
    private static double[] Sizes(IReadOnlyList<(QuantileGrid Forecast, double[] Actual)> outcomes)
    {
        int horizon = outcomes[0].Actual.Length;
        var squares = new double[horizon];
        var counts = new long[horizon];
        foreach ((QuantileGrid forecast, double[] actual) in outcomes)
        {
            for (int step = 0; step < horizon; step++)
            {
                double error = actual[step] - forecast.At(step)[Pairs];
                if (double.IsFinite(error))
                {
                    squares[step] += error * error;
                    counts[step]++;
                }
            }
        }

        return [.. Enumerable.Range(0, horizon).Select(step =>
        {
            double sum = squares[step];
            long count = counts[step];
            for (int reach = 1; reach < horizon && count < EnoughForStep; reach++)
            {
                for (int other = step - reach; other <= step + reach; other += 2 * reach)
                {
                    (sum, count) = other >= 0 && other < horizon ? (sum + squares[other], count + counts[other]) : (sum, count);
                }
            }

            return Math.Max(Math.Sqrt(sum / Math.Max(1, count)), 1e-9);
        })];
    }
}
