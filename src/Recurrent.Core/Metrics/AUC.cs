using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The curve whose area is taken.</summary>
public enum AucCurve
{
    /// <summary>Recall over the rate of false alarms.</summary>
    Roc,

    /// <summary>Precision over recall.</summary>
    PrecisionRecall,
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

/// <summary>The area under a curve of right over wrong answers, at thresholds from 0 to 1: 1 is best, 0.5 under ROC is chance.</summary>
/// <remarks>
/// The thresholds are evenly spread, with end points 1e-7 outside [0, 1]; the area is an approximation that more thresholds improve.
/// Davis and Goadrich, 2006: The relationship between Precision-Recall and ROC curves.
/// </remarks>
public sealed class AUC : ConfusionMetric
{
    /// <summary>Every output is compared with every threshold; more than this only take time and memory.</summary>
    private const int MostThresholds = 1_000_000;

    /// <summary>Creates the metric.</summary>
    /// <param name="numThresholds">Number of thresholds, from 2 to a million; default 200.</param>
    /// <param name="curve">The curve; default ROC.</param>
    /// <param name="summationMethod">How the area between two points is taken; default interpolation.</param>
    /// <param name="fromLogits">Whether the outputs are logits; default false.</param>
    /// <param name="name">Name of the metric; default <c>auc</c>.</param>
    /// <exception cref="ArgumentException">There are fewer than two thresholds, or more than a million.</exception>
    public AUC(
        int numThresholds = 200,
        AucCurve curve = AucCurve.Roc,
        AucSummation summationMethod = AucSummation.Interpolation,
        bool fromLogits = false,
        string? name = null)
        : base(name ?? "auc", Spread(numThresholds))
    {
        Curve = curve;
        SummationMethod = summationMethod;
        FromLogits = fromLogits;
    }

    /// <inheritdoc/>
    public override string ClassName => "AUC";

    /// <summary>The curve.</summary>
    public AucCurve Curve { get; }

    /// <summary>How the area between two points is taken.</summary>
    public AucSummation SummationMethod { get; }

    /// <summary>Whether the outputs are logits.</summary>
    public bool FromLogits { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new AUC(Thresholds.Count, Curve, SummationMethod, FromLogits, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("num_thresholds", Thresholds.Count);
        config.Add("curve", Curve == AucCurve.Roc ? "ROC" : "PR");
        config.Add("summation_method", SummationMethod switch
        {
            AucSummation.Minoring => "minoring",
            AucSummation.Majoring => "majoring",
            _ => "interpolation",
        });
        config.Add("multi_label", false);
        config.Add("num_labels", null);
        config.Add("label_weights", null);
        config.Add("from_logits", FromLogits);
        return config;
    }

    /// <summary>Reads the metric.</summary>
    /// <param name="reader">Its config.</param>
    internal static AUC Read(ConfigReader reader)
    {
        reader.Expect("curve", "ROC", "PR");
        reader.Expect("summation_method", "interpolation", "minoring", "majoring");
        reader.Expect("multi_label", false);
        reader.Expect("num_labels", [null]);
        reader.Expect("label_weights", [null]);
        reader.Expect("thresholds", [null]);
        return new(
            reader.Size("num_thresholds", 200, each: 10),
            reader.OptionalString("curve") == "PR" ? AucCurve.PrecisionRecall : AucCurve.Roc,
            reader.OptionalString("summation_method") switch
            {
                "minoring" => AucSummation.Minoring,
                "majoring" => AucSummation.Majoring,
                _ => AucSummation.Interpolation,
            },
            reader.Bool("from_logits", false),
            reader.OptionalString("name"));
    }

    /// <inheritdoc/>
    protected override double Compute()
    {
        double area = 0;
        for (int i = 0; i + 1 < Thresholds.Count; i++)
        {
            area += Curve == AucCurve.PrecisionRecall && SummationMethod == AucSummation.Interpolation
                ? Interpolated(i)
                : Rectangle(i);
        }

        return area;
    }

    /// <inheritdoc/>
    private protected override Real Probability(Real prediction) =>
        FromLogits ? 1 / (1 + RealMath.Exp(-prediction)) : prediction;

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
        double recall = Ratio(TruePositives[i], TruePositives[i] + FalseNegatives[i]);
        return Curve == AucCurve.Roc
            ? (Ratio(FalsePositives[i], FalsePositives[i] + TrueNegatives[i]), recall)
            : (recall, Ratio(TruePositives[i], TruePositives[i] + FalsePositives[i]));
    }

    // Between two thresholds the true positives are taken as a line over all positives; the area below its precision has this form.
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
