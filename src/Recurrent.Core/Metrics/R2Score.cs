using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>How the scores of several outputs become one.</summary>
public enum R2Aggregation
{
    /// <summary>Their mean.</summary>
    UniformAverage,

    /// <summary>Their mean, weighted with the variance of each output's targets.</summary>
    VarianceWeightedAverage,

    /// <summary>They stay apart, in <see cref="Metric.Results"/>; <see cref="Metric.Result"/> is their mean.</summary>
    None,
}

/// <summary>The coefficient of determination <c>1 − Σ(y − p)² / Σ(y − ȳ)²</c>: 1 is best, 0 is what the mean would
/// reach.</summary>
/// <remarks>
/// Running sums are kept for each output, so the score is exact over batches. With <c>r</c> regressors it is adjusted to
/// <c>1 − (1 − R²)(n − 1) / (n − r − 1)</c>, where <c>r &lt; n − 1</c>; <c>n</c> counts every entry of the targets, as in Keras
/// 3.15, so with several outputs the adjustment is smaller than the textbook's. Targets that are all the same score 1 where they
/// are met and 0 (as in Keras) where they are not.
/// </remarks>
public sealed class R2Score : Metric
{
    // Mean of the targets so far and Σ of squared deviations from it: nothing cancels, so constant targets have no spread at all.
    private double[] weights = [];
    private double[] means = [];
    private double[] spreads = [];
    private double[] residuals = [];
    private long entries;

    /// <summary>Creates the metric.</summary>
    /// <param name="classAggregation">How the scores of several outputs become one; default their mean.</param>
    /// <param name="numRegressors">Number of regressors to adjust for, at least 0; default 0.</param>
    /// <param name="name">Name of the metric; default <c>r2_score</c>.</param>
    /// <exception cref="ArgumentException">The number of regressors is negative.</exception>
    public R2Score(
        R2Aggregation classAggregation = R2Aggregation.UniformAverage, int numRegressors = 0, string? name = null)
        : base(name ?? "r2_score")
    {
        new OptionCheck(ClassName).AtLeast(nameof(numRegressors), numRegressors, 0).ThrowIfAny();
        ClassAggregation = classAggregation;
        NumRegressors = numRegressors;
    }

    /// <inheritdoc/>
    public override string ClassName => "R2Score";

    /// <summary>How the scores of several outputs become one.</summary>
    public R2Aggregation ClassAggregation { get; }

    /// <summary>Number of regressors to adjust for.</summary>
    public int NumRegressors { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Results => ClassAggregation == R2Aggregation.None
        ? [.. Enumerable.Range(0, means.Length).Select(i => Adjust(Score(i)))]
        : base.Results;

    /// <inheritdoc/>
    internal override bool WeighsEntries => true;

    /// <inheritdoc/>
    public override Metric Fresh() => new R2Score(ClassAggregation, NumRegressors, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("class_aggregation", ClassAggregation switch
        {
            R2Aggregation.UniformAverage => "uniform_average",
            R2Aggregation.VarianceWeightedAverage => "variance_weighted_average",
            _ => null,
        });
        config.Add("num_regressors", NumRegressors);
        return config;
    }

    /// <summary>Reads the metric.</summary>
    /// <param name="reader">Its config.</param>
    internal static R2Score Read(ConfigReader reader)
    {
        R2Aggregation aggregation = reader.OptionalString("class_aggregation") switch
        {
            null => reader.IsNull("class_aggregation") ? R2Aggregation.None : R2Aggregation.UniformAverage,
            "uniform_average" => R2Aggregation.UniformAverage,
            "variance_weighted_average" => R2Aggregation.VarianceWeightedAverage,
            string other => throw new ConfigException(
                $"{reader.Owner}: class_aggregation = '{other}' is unknown. Valid names: uniform_average, "
                + "variance_weighted_average, or null."),
        };
        return new(aggregation, reader.Int("num_regressors", 0), reader.OptionalString("name"));
    }

    /// <inheritdoc/>
    protected override double Compute()
    {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < means.Length; i++)
        {
            double share = ClassAggregation == R2Aggregation.VarianceWeightedAverage ? spreads[i] : 1;
            sum += share * Score(i);
            total += share;
        }

        return Adjust(total == 0 ? Enumerable.Range(0, means.Length).Average(Score) : sum / total);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<double>? Gathered
    {
        get => [entries, .. weights, .. means, .. spreads, .. residuals];
        set
        {
            entries = (long)Parts(value is null ? null : [.. value.Take(1)], 1, 1)[0][0];
            double[][] parts = Parts([.. value!.Skip(1)], 4);
            (weights, means, spreads, residuals) = (parts[0], parts[1], parts[2], parts[3]);
        }
    }

    /// <inheritdoc/>
    protected override void Clear() => (weights, means, spreads, residuals, entries) = ([], [], [], [], 0);

    /// <inheritdoc/>
    protected override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        Begin(targets.Length, rows);
        for (int i = 0; i < predictions.Length; i++)
        {
            AddEntry(i % rows, targets[i], predictions[i], Weight(weights, i / rows));
        }
    }

    /// <inheritdoc/>
    private protected override void AddEntries(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        Begin(targets.Length, rows);
        for (int i = 0; i < predictions.Length; i++)
        {
            AddEntry(i % rows, targets[i], predictions[i], weights[i]);
        }
    }

    private void Begin(int more, int rows)
    {
        if (means.Length != rows)
        {
            (weights, means, spreads, residuals) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        }

        entries += more;
    }

    private void AddEntry(int output, double target, double prediction, double weight)
    {
        if (weight != 0)
        {
            double residual = target - prediction;
            double deviation = target - means[output];
            weights[output] += weight;
            means[output] += deviation * (weight / weights[output]);
            spreads[output] += weight * deviation * (target - means[output]);
            residuals[output] += weight * residual * residual;
        }
    }

    // Targets without spread cannot be explained better than by their mean: either they are met, or the score is 0.
    private double Score(int output) => spreads[output] == 0
        ? residuals[output] == 0 ? 1 : 0
        : 1 - (residuals[output] / spreads[output]);

    private double Adjust(double score) => NumRegressors == 0 || NumRegressors >= entries - 1
        ? score
        : 1 - ((1 - score) * (entries - 1) / (entries - NumRegressors - 1));
}
