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

/// <summary>The coefficient of determination <c>1 − Σ(y − p)² / Σ(y − ȳ)²</c>: 1 is best, 0 is what the mean would reach.</summary>
/// <remarks>
/// Running sums are kept for each output, so the score is exact over batches. With <c>r</c> regressors it is adjusted to
/// <c>1 − (1 − R²)(n − 1) / (n − r − 1)</c>, where <c>r &lt; n − 1</c>; <c>n</c> counts every entry of the targets, as in Keras 3.15, so with
/// several outputs the adjustment is smaller than the textbook's. An infinite score counts as 0 (as in Keras).
/// </remarks>
public sealed class R2Score : Metric
{
    private double[] pivots = [];
    private double[] sums = [];
    private double[] squares = [];
    private double[] residuals = [];
    private double weight;
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
        ? [.. Enumerable.Range(0, sums.Length).Select(i => Adjust(Score(i)))]
        : base.Results;

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
                $"{reader.Owner}: class_aggregation = '{other}' is unknown. Valid names: uniform_average, variance_weighted_average, or null."),
        };
        return new(aggregation, reader.Int("num_regressors", 0), reader.OptionalString("name"));
    }

    /// <inheritdoc/>
    protected override double Compute()
    {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            double share = ClassAggregation == R2Aggregation.VarianceWeightedAverage ? Spread(i) : 1;
            sum += share * Score(i);
            total += share;
        }

        return Adjust(sum / total);
    }

    /// <inheritdoc/>
    protected override void Clear() => (pivots, sums, squares, residuals, weight, entries) = ([], [], [], [], 0, 0);

    /// <inheritdoc/>
    protected override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        if (sums.Length != rows)
        {
            (pivots, sums, squares, residuals) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        }

        entries += targets.Length;
        for (int column = 0; column < predictions.Length / rows; column++)
        {
            double w = Weight(weights, column);
            if (w == 0)
            {
                continue;
            }

            bool first = weight == 0;
            weight += w;
            for (int i = 0; i < rows; i++)
            {
                // Beside a level far above their spread, squares of the targets themselves would lose it.
                double target = targets[(column * rows) + i];
                pivots[i] = first ? target : pivots[i];
                double y = target - pivots[i];
                double residual = target - predictions[(column * rows) + i];
                sums[i] += w * y;
                squares[i] += w * y * y;
                residuals[i] += w * residual * residual;
            }
        }
    }

    private double Spread(int output) => squares[output] - (sums[output] * sums[output] / weight);

    private double Score(int output)
    {
        double score = 1 - (residuals[output] / Spread(output));
        return double.IsInfinity(score) ? 0 : score;
    }

    private double Adjust(double score) => NumRegressors == 0 || NumRegressors >= entries - 1
        ? score
        : 1 - ((1 - score) * (entries - 1) / (entries - NumRegressors - 1));
}
