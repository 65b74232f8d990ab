using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>
/// A figure of the weighted counts of right and wrong answers at one or more thresholds. An output is a yes when it is strictly above
/// the threshold; a target is a yes when it is not 0.
/// </summary>
public abstract class ConfusionMetric : Metric
{
    private readonly double[] thresholds;
    private readonly double[] truePositives;
    private readonly double[] falsePositives;
    private readonly double[] trueNegatives;
    private readonly double[] falseNegatives;

    /// <summary>Keeps thresholds and name.</summary>
    /// <param name="name">Name of the metric.</param>
    /// <param name="thresholds">The thresholds, at least one.</param>
    private protected ConfusionMetric(string name, IReadOnlyList<double> thresholds)
        : base(name)
    {
        this.thresholds = [.. thresholds];
        truePositives = new double[thresholds.Count];
        falsePositives = new double[thresholds.Count];
        trueNegatives = new double[thresholds.Count];
        falseNegatives = new double[thresholds.Count];
    }

    /// <summary>The thresholds.</summary>
    public IReadOnlyList<double> Thresholds => thresholds;

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

    /// <inheritdoc/>
    protected sealed override void Clear()
    {
        Array.Clear(truePositives);
        Array.Clear(falsePositives);
        Array.Clear(trueNegatives);
        Array.Clear(falseNegatives);
    }

    /// <inheritdoc/>
    protected sealed override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        for (int i = 0; i < predictions.Length; i++)
        {
            double weight = Weight(weights, i / rows);
            Real probability = Probability(predictions[i]);
            bool yes = targets[i] != 0;
            for (int k = 0; k < thresholds.Length; k++)
            {
                double[] counts = (probability > (Real)thresholds[k], yes) switch
                {
                    (true, true) => truePositives,
                    (true, false) => falsePositives,
                    (false, false) => trueNegatives,
                    (false, true) => falseNegatives,
                };
                counts[k] += weight;
            }
        }
    }
}

/// <summary>A figure of the counts at each threshold alone, such as the precision.</summary>
public abstract class ThresholdMetric : ConfusionMetric
{
    private readonly double[]? given;

    /// <summary>Keeps thresholds and name.</summary>
    /// <param name="name">Name of the metric.</param>
    /// <param name="thresholds">The thresholds, each in [0, 1]; null for 0.5.</param>
    private protected ThresholdMetric(string name, IReadOnlyList<double>? thresholds)
        : base(name, thresholds is null or { Count: 0 } ? [0.5] : thresholds) => given = thresholds is null ? null : [.. thresholds];

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

    /// <summary>Requires thresholds in [0, 1].</summary>
    private protected void Check()
    {
        var check = new OptionCheck(ClassName);
        check.Require(given is not { Length: 0 }, "thresholds must have at least one entry, or be null for 0.5", "thresholds");
        for (int i = 0; i < Thresholds.Count; i++)
        {
            check.Require(
                Thresholds[i] is >= 0 and <= 1,
                FormattableString.Invariant($"thresholds[{i}] must be at least 0 and at most 1, but is {Thresholds[i]}"),
                "thresholds");
        }

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
