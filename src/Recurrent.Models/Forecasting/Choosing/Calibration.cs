using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// How much wider or narrower the intervals of a method have to be to hold what comes as often as they say: learned from
/// forecasts whose outcome is known.
/// </summary>
/// <remarks>
/// The score of an outcome y for an interval [l, u] around the median m is <c>max((m − y)/(m − l), (y − m)/(u − m))</c>, and the
/// interval of coverage 1 − α is stretched by the ⌈(n + 1)(1 − α)⌉-th smallest of n scores (split conformal prediction: Vovk,
/// Gammerman and Shafer, 2005; Romano, Patterson and Candès, 2019). Scores have no unit, so those of all series count together;
/// steps far ahead have scores of their own where there are enough.
/// </remarks>
internal sealed class Calibration
{
    // Scores that a group of steps needs for itself, and those that are kept of it.
    private const int EnoughScores = 100;
    private const int MostScores = 1000;

    // What an error is worth that an interval without width has not foreseen.
    private const double Unforeseen = 1e3;

    private readonly int[] groups;

    // For each group of steps, for each pair of levels, the scores in order.
    private readonly double[][][] scores;

    private readonly CalibrationTrust trust;

    private Calibration(int[] groups, double[][][] scores, CalibrationTrust trust)
    {
        this.groups = groups;
        this.scores = scores;
        this.trust = trust;
    }

    /// <summary>Number of central intervals: pairs of levels around the median.</summary>
    internal static int Pairs => QuantileGrid.Levels.Count / 2;

    /// <summary>Learns from forecasts and what came.</summary>
    /// <param name="outcomes">Forecasts, and for each step what came; NaN where that is not known.</param>
    /// <param name="trust">How far to go where scores say that intervals are too narrow or too wide.</param>
    /// <returns>The calibration; null where no outcome is known.</returns>
    internal static Calibration? Of(IReadOnlyCollection<(QuantileGrid Forecast, double[] Actual)> outcomes,
        CalibrationTrust trust)
    {
        int horizon = outcomes.Count == 0 ? 0 : outcomes.Max(outcome => outcome.Actual.Length);
        var byStep = new List<double[]>[horizon];
        for (int step = 0; step < horizon; step++)
        {
            byStep[step] = [.. outcomes.Where(outcome => step < outcome.Actual.Length && !double.IsNaN(outcome.Actual[step]))
                .Select(outcome => Scores(outcome.Forecast, step, outcome.Actual[step]))];
        }

        var groups = new int[horizon];
        var members = new List<List<double[]>> { new() };
        for (int step = 0; step < horizon; step++)
        {
            if (members[^1].Count >= EnoughScores && byStep.Skip(step).Sum(of => of.Count) >= EnoughScores)
            {
                members.Add([]);
            }

            groups[step] = members.Count - 1;
            members[^1].AddRange(byStep[step]);
        }

        return members[0].Count == 0 ? null
            : new(groups, [.. members.Select(of => Enumerable.Range(0, Pairs).Select(pair => Sketch([.. of.Select(s => s[pair])]))
                .ToArray())], trust);
    }

    /// <summary>The calibration with one outcome more, the oldest kept as they are.</summary>
    internal Calibration With(QuantileGrid forecast, double[] actual)
    {
        double[][][] more = [.. scores.Select(group => group.ToArray())];
        for (int step = 0; step < actual.Length; step++)
        {
            if (!double.IsNaN(actual[step]))
            {
                double[] own = Scores(forecast, step, actual[step]);
                double[][] group = more[GroupOf(step)];
                for (int pair = 0; pair < Pairs; pair++)
                {
                    double[] all = [.. group[pair], own[pair]];
                    group[pair] = Sketch(all);
                }
            }
        }

        return new(groups, more, trust);
    }

    /// <summary>Stretches the distributions of a forecast around their medians.</summary>
    /// <param name="forecast">The forecast.</param>
    /// <param name="misses">For each pair of levels the share of outcomes outside to aim for; null for what the levels
    /// say.</param>
    internal QuantileGrid Apply(QuantileGrid forecast, double[]? misses = null) => Stretched(forecast,
        (step, pair) => trust.Of(Factor(GroupOf(step), pair, misses?[pair] ?? Miss(pair))));

    /// <summary>A forecast whose intervals are stretched around the medians.</summary>
    /// <param name="forecast">The forecast.</param>
    /// <param name="factor">By how much, for a step and a pair of levels.</param>
    internal static QuantileGrid Stretched(QuantileGrid forecast, Func<int, int, double> factor)
    {
        int middle = Pairs;
        var quantiles = new double[forecast.Quantiles.Length];
        for (int step = 0; step < forecast.Horizon; step++)
        {
            ReadOnlySpan<double> row = forecast.At(step);
            Span<double> to = quantiles.AsSpan(step * row.Length, row.Length);
            to[middle] = row[middle];
            for (int pair = 0; pair < Pairs; pair++)
            {
                double by = factor(step, pair);
                to[pair] = row[middle] - (by * (row[middle] - row[pair]));
                to[^(pair + 1)] = row[middle] + (by * (row[^(pair + 1)] - row[middle]));
            }
        }

        return QuantileGrid.Of(forecast.Point, quantiles);
    }

    /// <summary>The share of outcomes that a pair of levels leaves outside.</summary>
    internal static double Miss(int pair) => 2 * QuantileGrid.Levels[pair];

    /// <summary>Whether an outcome lies inside the interval of a pair of levels.</summary>
    internal static bool Holds(QuantileGrid forecast, int step, int pair, double actual)
    {
        ReadOnlySpan<double> row = forecast.At(step);
        return actual >= row[pair] && actual <= row[^(pair + 1)];
    }

    /// <summary>The calibration as plain data.</summary>
    internal Config ToConfig()
    {
        var config = new Config { { "groups", StoredState.Pack([.. groups.Select(group => (double)group)]) } };
        trust.Write(config);
        config.Add("scores", scores.Select(group => (object)group.Select(pair => StoredState.Pack(pair)).ToArray()).ToArray());
        return config;
    }

    /// <summary>A calibration of plain data.</summary>
    /// <exception cref="ConfigException">They are not those of one.</exception>
    internal static Calibration Read(ConfigReader reader)
    {
        double[] stored = StoredState.Numbers(reader, "groups", 1);
        IReadOnlyList<object?> list = reader.Raw("scores") as IReadOnlyList<object?> ?? [];
        int[] groups = [.. stored.Select(group => group >= 0 && group < list.Count && group == Math.Floor(group) ? (int)group
            : throw new ConfigException("a group of steps has no scores.") { Option = "groups" })];
        var scores = new double[list.Count][][];
        for (int i = 0; i < scores.Length; i++)
        {
            IReadOnlyList<object?> pairs = list[i] as IReadOnlyList<object?> ?? [];
            scores[i] = [.. pairs.Select((pair, place) =>
            {
                var config = new ConfigReader("calibration", new Config { { "scores", pair } });
                double[] numbers = StoredState.Numbers(config, "scores", 1);
                numbers.AsSpan().Sort();
                return numbers;
            })];
            if (scores[i].Length != Pairs || scores[i].Any(pair => pair[0] < 0))
            {
                throw new ConfigException(FormattableString.Invariant(
                    $"expected the scores of {Pairs} intervals, none negative."))
                {
                    Option = FormattableString.Invariant($"scores[{i}]"),
                };
            }
        }

        return new(groups, scores, CalibrationTrust.Read(reader));
    }

    private int GroupOf(int step) => groups[Math.Min(step, groups.Length - 1)];

    /// <summary>By how much an interval is stretched. Where there are too few scores to know, as the widest that is
    /// known.</summary>
    private double Factor(int group, int pair, double miss)
    {
        double[] sorted = scores[group][pair];
        int place = (int)Math.Ceiling((sorted.Length + 1) * (1 - miss));
        if (place <= sorted.Length)
        {
            return sorted[Math.Max(0, place - 1)];
        }

        int known = pair;
        while (known < Pairs - 1
            && Math.Ceiling((scores[group][known].Length + 1) * (1 - Miss(known))) > scores[group][known].Length)
        {
            known++;
        }

        double[] fallback = scores[group][known];
        int last = Math.Min(fallback.Length, (int)Math.Ceiling((fallback.Length + 1) * (1 - Miss(known))));
        return miss < Miss(pair) ? sorted[^1] : fallback[last - 1];
    }

    private static double[] Scores(QuantileGrid forecast, int step, double actual)
    {
        ReadOnlySpan<double> row = forecast.At(step);
        double median = row[Pairs];
        var result = new double[Pairs];
        for (int pair = 0; pair < Pairs; pair++)
        {
            double width = actual < median ? median - row[pair] : row[^(pair + 1)] - median;
            double error = Math.Abs(actual - median);
            result[pair] = error == 0 ? 0 : width > 0 ? Math.Min(error / width, Unforeseen) : Unforeseen;
        }

        return result;
    }

    /// <summary>The scores in order; of many, as many as are kept, evenly spaced.</summary>
    private static double[] Sketch(double[] all)
    {
        all.AsSpan().Sort();
        return all.Length <= MostScores ? all
            : [.. Enumerable.Range(0, MostScores).Select(i => QuantileGrid.OfSorted(all, (i + 0.5) / MostScores))];
    }
}
