using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The curve whose area is taken.</summary>
public enum AucCurve
{
    /// <summary>Recall over the rate of false alarms.</summary>
    Roc,

    /// <summary>Precision over recall.</summary>
    PrecisionRecall,

    /// <summary>
    /// Precision over recall, both as gains over a model that says yes to everything. Flach and Kull, 2015: Precision-Recall-Gain
    /// Curves.
    /// </summary>
    PrecisionRecallGain,
}

/// <summary>How the area between two points of a curve is taken.</summary>
public enum AucSummation
{
    /// <summary>The mean of both heights; for precision and recall the interpolation of Davis and Goadrich.</summary>
    Interpolation,

    /// <summary>The lower height.</summary>
    Minoring,

    /// <summary>The greater height.</summary>
    Majoring,
}

/// <summary>The area under a curve of right over wrong answers, at thresholds from 0 to 1: 1 is best, 0.5 under ROC is
/// chance.</summary>
/// <remarks>
/// <para>
/// The thresholds are evenly spread unless they are given, with end points 1e-7 outside [0, 1]; the area is an approximation that
/// more thresholds improve. Where they are evenly spread, outputs outside [0, 1] count as 0 and 1 (as in Keras).
/// </para>
/// <para>
/// All outputs of a column are answers alike, each times its label weight; with <c>multiLabel</c> each output has an area of its
/// own, and the figure is their mean, weighted with the label weights.
/// </para>
/// <para>Davis and Goadrich, 2006: The relationship between Precision-Recall and ROC curves.</para>
/// </remarks>
public sealed class AUC : ConfusionMetric
{
    /// <summary>Every output is compared with every threshold; more than this only take time and memory.</summary>
    private const int MostThresholds = 1_000_000;

    /// <summary>How many thresholds all labels may have together.</summary>
    private const int MostCounts = 10_000_000;

    private readonly bool given;
    private readonly double[]? labelWeights;

    /// <summary>Creates the metric.</summary>
    /// <param name="numThresholds">Number of thresholds, from 2 to a million; default 200. Where thresholds are given it has no
    /// meaning.</param>
    /// <param name="curve">The curve; default ROC.</param>
    /// <param name="summationMethod">How the area between two points is taken; default interpolation.</param>
    /// <param name="fromLogits">Whether the outputs are logits; default false.</param>
    /// <param name="thresholds">The thresholds between the end points, each in [0, 1], in any order; null, the default, to spread
    /// them.</param>
    /// <param name="multiLabel">Whether each output has an area of its own; default false.</param>
    /// <param name="numLabels">Number of outputs, with <paramref name="multiLabel"/> only; null, the default, for as many as
    /// there are.</param>
    /// <param name="labelWeights">How much each output counts, at least 0; null, the default, for all alike.</param>
    /// <param name="name">Name of the metric; default <c>auc</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public AUC(
        int numThresholds = 200,
        AucCurve curve = AucCurve.Roc,
        AucSummation summationMethod = AucSummation.Interpolation,
        bool fromLogits = false,
        IReadOnlyList<double>? thresholds = null,
        bool multiLabel = false,
        int? numLabels = null,
        IReadOnlyList<double>? labelWeights = null,
        string? name = null)
        : base(name ?? "auc", thresholds is null ? Spread(numThresholds) : Between(thresholds), leastEven: thresholds is null ? 2
            : 3)
    {
        var check = new OptionCheck(ClassName);
        check.Require(numLabels is null || multiLabel, "numLabels needs multiLabel: true", nameof(numLabels));
        check.Require(numLabels is null or >= 1, $"numLabels must be at least 1, but is {numLabels}", nameof(numLabels));
        for (int i = 0; i < labelWeights?.Count; i++)
        {
            check.Require(
                double.IsFinite(labelWeights[i]) && labelWeights[i] >= 0,
                FormattableString.Invariant($"labelWeights[{i}] must be a finite number of at least 0, but is {labelWeights[i]}"),
                nameof(labelWeights));
        }

        check.Require(
            labelWeights is null || numLabels is null || labelWeights.Count == numLabels,
            $"labelWeights must have one entry for each of the {numLabels} labels, but has {labelWeights?.Count}",
            nameof(labelWeights));
        check.ThrowIfAny();
        given = thresholds is not null;
        Curve = curve;
        SummationMethod = summationMethod;
        FromLogits = fromLogits;
        MultiLabel = multiLabel;
        NumLabels = numLabels;
        this.labelWeights = labelWeights is null ? null : [.. labelWeights];
    }

    /// <inheritdoc/>
    public override string ClassName => "AUC";

    /// <summary>The curve.</summary>
    public AucCurve Curve { get; }

    /// <summary>How the area between two points is taken.</summary>
    public AucSummation SummationMethod { get; }

    /// <summary>Whether the outputs are logits.</summary>
    public bool FromLogits { get; }

    /// <summary>Whether each output has an area of its own.</summary>
    public bool MultiLabel { get; }

    /// <summary>Number of outputs under <see cref="MultiLabel"/>; null for as many as there are.</summary>
    public int? NumLabels { get; }

    /// <summary>How much each output counts; null for all alike.</summary>
    public IReadOnlyList<double>? LabelWeights => labelWeights;

    /// <inheritdoc/>
    private protected override bool CountsApart => MultiLabel;

    /// <inheritdoc/>
    public override Metric Fresh() => new AUC(
        Thresholds.Count, Curve, SummationMethod, FromLogits, Inner, MultiLabel, NumLabels, labelWeights, Name);

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows)
    {
        base.CheckRows(targetRows, rows);
        if ((NumLabels ?? labelWeights?.Length ?? rows) != rows)
        {
            throw new ArgumentException(
                $"AUC '{Name}' is for {NumLabels ?? labelWeights!.Length} labels, but the model has {rows} outputs. Set "
                + $"{(NumLabels is null ? "labelWeights" : "numLabels")} for these.");
        }

        if (MultiLabel && (long)rows * Thresholds.Count > MostCounts)
        {
            throw new ArgumentException(
                $"AUC '{Name}' has {Thresholds.Count} thresholds for each of {rows} outputs, but {MostCounts} are the most in "
                + $"all. Set numThresholds to at most {MostCounts / rows}.");
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("num_thresholds", Thresholds.Count);
        config.Add("curve", Curve switch
        {
            AucCurve.PrecisionRecall => "PR",
            AucCurve.PrecisionRecallGain => "PRGAIN",
            _ => "ROC",
        });
        config.Add("summation_method", SummationMethod switch
        {
            AucSummation.Minoring => "minoring",
            AucSummation.Majoring => "majoring",
            _ => "interpolation",
        });
        config.Add("multi_label", MultiLabel);
        config.Add("num_labels", NumLabels);
        config.Add("label_weights", labelWeights);
        config.Add("from_logits", FromLogits);
        if (given)
        {
            config.Add("thresholds", Inner);
        }

        return config;
    }

    /// <summary>Reads the metric.</summary>
    /// <param name="reader">Its config.</param>
    internal static AUC Read(ConfigReader reader)
    {
        reader.Expect("curve", "ROC", "PR", "PRGAIN");
        reader.Expect("summation_method", "interpolation", "minoring", "majoring");
        return new(
            reader.Size("num_thresholds", 200, each: 10),
            reader.OptionalString("curve") switch
            {
                "PR" => AucCurve.PrecisionRecall,
                "PRGAIN" => AucCurve.PrecisionRecallGain,
                _ => AucCurve.Roc,
            },
            reader.OptionalString("summation_method") switch
            {
                "minoring" => AucSummation.Minoring,
                "majoring" => AucSummation.Majoring,
                _ => AucSummation.Interpolation,
            },
            reader.Bool("from_logits", false),
            reader.OptionalDoubles("thresholds"),
            reader.Bool("multi_label", false),
            reader.OptionalInt("num_labels"),
            reader.OptionalDoubles("label_weights"),
            reader.OptionalString("name"));
    }

    /// <inheritdoc/>
    protected override double Compute()
    {
        if (!MultiLabel)
        {
            return Area(0);
        }

        double sum = 0;
        double total = 0;
        for (int label = 0; label < TruePositives.Length / Thresholds.Count; label++)
        {
            double weight = labelWeights is null ? 1 : labelWeights[label];
            sum += weight * Area(label * Thresholds.Count);
            total += weight;
        }

        return Ratio(sum, total);
    }

    /// <inheritdoc/>
    private protected override double RowWeight(int row) => MultiLabel || labelWeights is null ? 1 : labelWeights[row];

    /// <inheritdoc/>
    private protected override Real Probability(Real prediction) =>
        FromLogits ? 1 / (1 + RealMath.Exp(-prediction)) : prediction;

    /// <summary>The thresholds between the end points, where they were given.</summary>
    private double[]? Inner => given ? [.. Thresholds.Skip(1).SkipLast(1)] : null;

    /// <summary>The area under the counts that begin at a place.</summary>
    private double Area(int start)
    {
        double area = 0;
        for (int i = start; i + 1 < start + Thresholds.Count; i++)
        {
            area += Curve == AucCurve.PrecisionRecall && SummationMethod == AucSummation.Interpolation
                ? Interpolated(i)
                : Rectangle(i);
        }

        return area;
    }

    private static double[] Between(IReadOnlyList<double> inner)
    {
        var check = new OptionCheck("AUC");
        check.Require(inner.Count <= MostThresholds,
            $"thresholds must have at most {MostThresholds} entries, but has {inner.Count}", "thresholds");
        for (int i = 0; i < Math.Min(inner.Count, MostThresholds); i++)
        {
            check.Require(
                inner[i] is >= 0 and <= 1,
                FormattableString.Invariant($"thresholds[{i}] must be at least 0 and at most 1, but is {inner[i]}"),
                "thresholds");
        }

        check.ThrowIfAny();
        return [-1e-7, .. inner.Order(), 1 + 1e-7];
    }

    private static double[] Spread(int count)
    {
        new OptionCheck("AUC")
            .Require(
                count is >= 2 and <= MostThresholds,
                $"numThresholds must be at least 2 and at most {MostThresholds}, but is {count}",
                "numThresholds")
            .ThrowIfAny();
        double[] thresholds = [.. Enumerable.Range(0, count).Select(i => (double)i / (count - 1))];
        thresholds[0] = -1e-7;
        thresholds[^1] = 1 + 1e-7;
        return thresholds;
    }

    private double Rectangle(int i)
    {
        (double x, double y) = Point(i);
        (double nextX, double nextY) = Point(i + 1);
        double height = SummationMethod switch
        {
            AucSummation.Minoring => Math.Min(y, nextY),
            AucSummation.Majoring => Math.Max(y, nextY),
            _ => (y + nextY) / 2,
        };
        return (x - nextX) * height;
    }

    private (double X, double Y) Point(int i)
    {
        (double found, double missed, double wrong) = (TruePositives[i], FalseNegatives[i], FalsePositives[i]);
        switch (Curve)
        {
            case AucCurve.PrecisionRecallGain:
                // How much better than saying yes to everything: 1 − (π / (1 − π)) · errors / hits.
                double scale = Ratio(found + missed, TrueNegatives[i] + wrong);
                return found == 0
                    ? (0, 1)
                    : (Math.Max(0, 1 - (scale * Ratio(missed, found))), 1 - (scale * Ratio(wrong, found)));
            case AucCurve.PrecisionRecall:
                return (Ratio(found, found + missed), Ratio(found, found + wrong));
            default:
                return (Ratio(wrong, wrong + TrueNegatives[i]), Ratio(found, found + missed));
        }
    }

    // Between two thresholds the true positives are taken as a line over all positives; the area below its precision has this
    // form.
    private double Interpolated(int i)
    {
        double positives = TruePositives[i] + FalsePositives[i];
        double nextPositives = TruePositives[i + 1] + FalsePositives[i + 1];
        double found = TruePositives[i] - TruePositives[i + 1];
        double slope = Ratio(found, Math.Max(positives - nextPositives, 0));
        double intercept = TruePositives[i + 1] - (slope * nextPositives);
        double ratio = positives > 0 && nextPositives > 0 ? positives / nextPositives : 1;
        return Ratio(
            slope * (found + (intercept * Math.Log(ratio))), Math.Max(TruePositives[i + 1] + FalseNegatives[i + 1], 0));
    }
}
