using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>
/// A figure of the weighted counts of right and wrong answers at one or more thresholds. An output is a yes when it is strictly
/// above the threshold; a target is a yes when it is not 0.
/// </summary>
public abstract class ConfusionMetric : Metric
{
    private readonly double[] thresholds;
    private readonly bool clips;
    private double[] truePositives;
    private double[] falsePositives;
    private double[] trueNegatives;
    private double[] falseNegatives;

    /// <summary>Keeps thresholds and name.</summary>
    /// <param name="name">Name of the metric.</param>
    /// <param name="thresholds">The thresholds, at least one.</param>
    /// <param name="topK">How many of the greatest outputs of a column can be a yes; null for all.</param>
    /// <param name="classId">The output that is looked at; null for all.</param>
    /// <param name="leastEven">From how many thresholds on it counts that they are evenly spread.</param>
    private protected ConfusionMetric(
        string name, IReadOnlyList<double> thresholds, int? topK = null, int? classId = null, int leastEven = 3)
        : base(name)
    {
        this.thresholds = [.. thresholds];
        clips = thresholds.Count >= leastEven && IsEven(thresholds);
        TopK = topK;
        ClassId = classId;
        truePositives = new double[thresholds.Count];
        falsePositives = new double[thresholds.Count];
        trueNegatives = new double[thresholds.Count];
        falseNegatives = new double[thresholds.Count];
    }

    /// <summary>The thresholds.</summary>
    public IReadOnlyList<double> Thresholds => thresholds;

    /// <summary>How many of the greatest outputs of a column can be a yes; null for all.</summary>
    private protected int? TopK { get; }

    /// <summary>The output that is looked at; null for all.</summary>
    private protected int? ClassId { get; }

    /// <summary>Weighted number of yes answers to yes targets, for each threshold.</summary>
    protected ReadOnlySpan<double> TruePositives => truePositives;

    /// <summary>Weighted number of yes answers to no targets, for each threshold.</summary>
    protected ReadOnlySpan<double> FalsePositives => falsePositives;

    /// <summary>Weighted number of no answers to no targets, for each threshold.</summary>
    protected ReadOnlySpan<double> TrueNegatives => trueNegatives;

    /// <summary>Weighted number of no answers to yes targets, for each threshold.</summary>
    protected ReadOnlySpan<double> FalseNegatives => falseNegatives;

    /// <summary>A quotient, or 0 where the divisor is 0.</summary>
    /// <param name="dividend">The dividend.</param>
    /// <param name="divisor">The divisor.</param>
    private protected static double Ratio(double dividend, double divisor) => divisor == 0 ? 0 : dividend / divisor;

    /// <summary>What an output is before it is compared; the default is itself.</summary>
    /// <param name="prediction">The output.</param>
    private protected virtual Real Probability(Real prediction) => prediction;

    /// <summary>Whether the counts of each output stay apart; those of output <c>i</c> then begin at <c>i</c> times the number of
    /// thresholds.</summary>
    private protected virtual bool CountsApart => false;

    /// <summary>How much an output counts, whatever the column; the default is once.</summary>
    /// <param name="row">Which output.</param>
    private protected virtual double RowWeight(int row) => 1;

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows)
    {
        base.CheckRows(targetRows, rows);
        if (ClassId >= rows)
        {
            throw new ArgumentException(
                $"{ClassName} '{Name}' looks at output {ClassId}, but the model has {rows}: classId must be from 0 to "
                + $"{rows - 1}.");
        }

        if (TopK > rows)
        {
            throw new ArgumentException(
                $"{ClassName} '{Name}' looks at the {TopK} greatest outputs, but the model has {rows}: topK must be at "
                + "most that.");
        }
    }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<double>? Gathered
    {
        get => [.. truePositives, .. falsePositives, .. trueNegatives, .. falseNegatives];
        set
        {
            double[][] parts = Parts(value, 4, CountsApart ? null : thresholds.Length);
            (truePositives, falsePositives, trueNegatives, falseNegatives) = (parts[0], parts[1], parts[2], parts[3]);
        }
    }

    /// <inheritdoc/>
    protected sealed override void Clear()
    {
        Array.Clear(truePositives);
        Array.Clear(falsePositives);
        Array.Clear(trueNegatives);
        Array.Clear(falseNegatives);
    }

    /// <inheritdoc/>
    internal sealed override bool WeighsEntries => ClassId is null;

    /// <inheritdoc/>
    protected sealed override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights) =>
        AddAll(targets, predictions, rows, weights, rows);

    /// <inheritdoc/>
    private protected sealed override void AddEntries(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights) =>
        AddAll(targets, predictions, rows, weights, 1);

    /// <summary>Takes in a batch with a weight for every so many entries; no weights where all count once.</summary>
    private void AddAll(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights, int entriesOfWeight)
    {
        if (CountsApart)
        {
            MakeRoom(rows * thresholds.Length);
        }

        int first = ClassId ?? 0;
        int end = ClassId + 1 ?? rows;
        for (int column = 0; column < predictions.Length; column += rows)
        {
            ReadOnlySpan<Real> p = predictions.Slice(column, rows);
            for (int row = first; row < end; row++)
            {
                bool isOut = TopK is int k && !Ranking.IsAmong(p, row, k);
                double weight = Weight(weights, (column + row) / entriesOfWeight) * RowWeight(row);
                Real compared = isOut ? Real.NegativeInfinity : Compared(p[row]);
                Count(compared, targets[column + row] != 0, weight, CountsApart ? row : 0);
            }
        }
    }

    private static bool IsEven(IReadOnlyList<double> thresholds)
    {
        bool isEven = true;
        for (int i = 0; i < thresholds.Count && isEven; i++)
        {
            isEven = Math.Abs(thresholds[i] - ((double)i / (thresholds.Count - 1))) <= 2e-7;
        }

        return isEven;
    }

    /// <summary>What is compared: where thresholds are evenly spread from 0 to 1, an output outside counts as 0 or 1 (as in
    /// Keras).</summary>
    private Real Compared(Real prediction)
    {
        Real probability = Probability(prediction);
        return clips ? Math.Clamp(probability, 0, 1) : probability;
    }

    private void MakeRoom(int count)
    {
        if (truePositives.Length != count)
        {
            truePositives = new double[count];
            falsePositives = new double[count];
            trueNegatives = new double[count];
            falseNegatives = new double[count];
        }
    }

    private void Count(Real probability, bool isYes, double weight, int group)
    {
        int start = group * thresholds.Length;
        for (int k = 0; k < thresholds.Length; k++)
        {
            double[] counts = (probability > (Real)thresholds[k], isYes) switch
            {
                (true, true) => truePositives,
                (true, false) => falsePositives,
                (false, false) => trueNegatives,
                (false, true) => falseNegatives,
            };
            counts[start + k] += weight;
        }
    }
}

/// <summary>A figure of the counts at each threshold alone, such as the precision.</summary>
public abstract class ThresholdMetric : ConfusionMetric
{
    /// <summary>Below every output that is among the greatest: what Keras compares with where only the rank counts.</summary>
    private const double AnyOutput = -1e10;

    private readonly double[]? given;

    /// <summary>Keeps thresholds and name.</summary>
    /// <param name="name">Name of the metric.</param>
    /// <param name="thresholds">The thresholds, each in [0, 1]; null for 0.5, or where the greatest outputs are looked at for any
    /// output.</param>
    /// <param name="topK">How many of the greatest outputs of a column can be a yes; null for all.</param>
    /// <param name="classId">The output that is looked at; null for all.</param>
    private protected ThresholdMetric(string name, IReadOnlyList<double>? thresholds, int? topK = null, int? classId = null)
        : base(name, thresholds is null or { Count: 0 } ? [topK is null ? 0.5 : AnyOutput] : thresholds, topK, classId) =>
        given = thresholds is null ? null : [.. thresholds];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<double> Results => double.IsNaN(Result)
        ? base.Results
        : [.. Enumerable.Range(0, Thresholds.Count).Select(At)];

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("thresholds", given);
        return config;
    }

    /// <summary>The thresholds as they were given.</summary>
    private protected IReadOnlyList<double>? Given => given;

    /// <summary>The figure at one threshold.</summary>
    /// <param name="index">Which threshold.</param>
    protected abstract double At(int index);

    /// <summary>Requires thresholds in [0, 1], at least one output to look at, and an output that can be.</summary>
    private protected void Check()
    {
        var check = new OptionCheck(ClassName);
        check.Require(given is not { Length: 0 }, "thresholds must have at least one entry, or be null for 0.5", "thresholds");
        for (int i = 0; i < given?.Length; i++)
        {
            check.Require(
                given[i] is >= 0 and <= 1,
                FormattableString.Invariant($"thresholds[{i}] must be at least 0 and at most 1, but is {given[i]}"),
                "thresholds");
        }

        check.Require(TopK is null or >= 1, $"topK must be at least 1, but is {TopK}", "topK");
        check.Require(ClassId is null or >= 0, $"classId must be at least 0, but is {ClassId}", "classId");
        check.ThrowIfAny();
    }

    /// <inheritdoc/>
    protected sealed override double Compute()
    {
        double sum = 0;
        for (int i = 0; i < Thresholds.Count; i++)
        {
            sum += At(i);
        }

        return sum / Thresholds.Count;
    }
}
