using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>
/// The best of one figure among the thresholds at which another reaches a bound; 0 where none does. The thresholds are evenly
/// spread from 0 to 1, so more of them come closer to the best there is.
/// </summary>
public abstract class ConstrainedMetric : ConfusionMetric
{
    /// <summary>Every output is compared with every threshold; more than this only take time and memory.</summary>
    private const int MostThresholds = 1_000_000;

    private readonly string bound;
    private readonly double value;

    /// <summary>Keeps options and name.</summary>
    /// <param name="className">Class name of the metric, for messages.</param>
    /// <param name="name">Name of the metric.</param>
    /// <param name="bound">What the bound is called.</param>
    /// <param name="value">The bound.</param>
    /// <param name="numThresholds">Number of thresholds.</param>
    /// <param name="classId">The output that is looked at; null for all.</param>
    private protected ConstrainedMetric(string className, string name, string bound, double value,
        int numThresholds, int? classId)
        : base(name, Spread(className, bound, value, numThresholds, classId), classId: classId, leastEven: 2)
    {
        this.bound = bound;
        this.value = value;
    }

    /// <summary>Number of thresholds.</summary>
    public int NumThresholds => Thresholds.Count;

    /// <summary>The only output that is looked at; null for all.</summary>
    public new int? ClassId => base.ClassId;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("class_id", ClassId);
        config.Add("num_thresholds", NumThresholds);
        config.Add(bound, value);
        return config;
    }

    /// <summary>Reads the options that all such metrics have.</summary>
    /// <param name="reader">The config.</param>
    /// <param name="bound">What the bound is called.</param>
    /// <param name="make">Makes the metric of bound, number of thresholds, output and name.</param>
    internal static Metric Read(ConfigReader reader, string bound, Func<double, int, int?, string?, Metric> make) => make(
        reader.Double(bound),
        reader.Size("num_thresholds", 200, each: 10),
        reader.OptionalInt("class_id"),
        reader.OptionalString("name"));

    /// <summary>The figure that must reach the bound, and the one whose best is wanted, at one threshold.</summary>
    /// <param name="index">Which threshold.</param>
    private protected abstract (double Bounded, double Wanted) At(int index);

    /// <summary>The share of the yes targets that are found, at one threshold; 0 where there are none.</summary>
    /// <param name="index">Which threshold.</param>
    private protected double RecallAt(int index) => Ratio(TruePositives[index], TruePositives[index] + FalseNegatives[index]);

    /// <summary>The share of the no targets that are left alone, at one threshold; 0 where there are none.</summary>
    /// <param name="index">Which threshold.</param>
    private protected double SpecificityAt(int index) =>
        Ratio(TrueNegatives[index], TrueNegatives[index] + FalsePositives[index]);

    /// <summary>The share of the yes answers that are right, at one threshold; 0 where there are none.</summary>
    /// <param name="index">Which threshold.</param>
    private protected double PrecisionAt(int index) => Ratio(TruePositives[index], TruePositives[index] + FalsePositives[index]);

    /// <inheritdoc/>
    protected sealed override double Compute()
    {
        double best = 0;
        for (int i = 0; i < Thresholds.Count; i++)
        {
            (double bounded, double wanted) = At(i);
            best = bounded >= value ? Math.Max(best, wanted) : best;
        }

        return best;
    }

    private static double[] Spread(string className, string bound, double value, int count, int? classId)
    {
        new OptionCheck(className)
            .Require(value is >= 0 and <= 1,
                FormattableString.Invariant($"{bound} must be at least 0 and at most 1, but is {value}"), bound)
            .Require(count is >= 1 and <= MostThresholds,
                $"numThresholds must be at least 1 and at most {MostThresholds}, but is {count}", "numThresholds")
            .Require(classId is null or >= 0, $"classId must be at least 0, but is {classId}", nameof(classId))
            .ThrowIfAny();
        return count == 1 ? [0.5] : [.. Enumerable.Range(0, count).Select(i => (double)i / (count - 1))];
    }
}
