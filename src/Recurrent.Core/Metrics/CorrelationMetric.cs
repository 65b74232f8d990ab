using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The weighted mean over the columns of how the outputs of a column go with its targets.</summary>
public abstract class CorrelationMetric : MeanMetric
{
    /// <summary>Keeps axis and name.</summary>
    /// <param name="axis">The axis that is correlated along.</param>
    /// <param name="name">Name of the metric.</param>
    private protected CorrelationMetric(int axis, string name)
        : base(name) => Axis = axis;

    /// <inheritdoc/>
    public override int Axis { get; }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("axis", Axis);
        return config;
    }

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows)
    {
        base.CheckRows(targetRows, rows);
        if (rows == 1 && Axis == -1)
        {
            throw new ArgumentException(
                $"{ClassName} '{Name}' compares the outputs of a sample or time step with each other, but the model has only 1 "
                + "output. For one output use R2Score.");
        }
    }

    /// <summary>The figure of one column from its moments.</summary>
    /// <param name="covariance">Covariance of targets and predictions.</param>
    /// <param name="targetVariance">Variance of the targets.</param>
    /// <param name="variance">Variance of the predictions.</param>
    /// <param name="difference">Mean of the targets less that of the predictions.</param>
    private protected abstract double Of(double covariance, double targetVariance, double variance, double difference);

    /// <inheritdoc/>
    protected sealed override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction)
    {
        double y = 0;
        double p = 0;
        for (int i = 0; i < target.Length; i++)
        {
            y += target[i];
            p += prediction[i];
        }

        y /= target.Length;
        p /= target.Length;
        double covariance = 0;
        double targetVariance = 0;
        double variance = 0;
        for (int i = 0; i < target.Length; i++)
        {
            covariance += (target[i] - y) * (prediction[i] - p);
            targetVariance += (target[i] - y) * (target[i] - y);
            variance += (prediction[i] - p) * (prediction[i] - p);
        }

        return Of(covariance / target.Length, targetVariance / target.Length, variance / target.Length, y - p);
    }
}

/// <summary>Pearson's correlation of the outputs of a column with its targets, <c>cov(y, p) / (σ(y) σ(p))</c>: 1 where one is a
/// rising line of the other.</summary>
/// <remarks>
/// Where targets or outputs of a column are all alike there is no correlation, and the column counts as 0; Keras gives what is
/// not a number. It is taken over the outputs of one sample or time step, which must be at least two, unless <c>axis</c>
/// names another axis.
/// </remarks>
public sealed class PearsonCorrelation : CorrelationMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="name">Name of the metric; default <c>pearson_correlation</c>.</param>
    /// <param name="axis">The axis that is correlated along, 0 being the samples of a batch; default −1, the outputs.</param>
    public PearsonCorrelation(string? name = null, int axis = -1)
        : base(axis, name ?? "pearson_correlation")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(PearsonCorrelation);

    /// <inheritdoc/>
    public override Metric Fresh() => new PearsonCorrelation(Name, Axis);

    /// <inheritdoc/>
    private protected override double Of(double covariance, double targetVariance, double variance, double difference) =>
        targetVariance == 0 || variance == 0 ? 0 : covariance / (Math.Sqrt(targetVariance) * Math.Sqrt(variance));
}

/// <summary>
/// The concordance correlation of the outputs of a column with its targets, <c>2 cov(y, p) / (var(y) + var(p) + (ȳ − p̄)² +
/// 1e-7)</c>: 1 only where both are the same.
/// </summary>
/// <remarks>
/// It is taken over the outputs of one sample or time step, which must be at least two, unless <c>axis</c> names another axis.
/// Lin, 1989: A Concordance Correlation Coefficient to Evaluate Reproducibility.
/// </remarks>
public sealed class ConcordanceCorrelation : CorrelationMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="name">Name of the metric; default <c>concordance_correlation</c>.</param>
    /// <param name="axis">The axis that is correlated along, 0 being the samples of a batch; default −1, the outputs.</param>
    public ConcordanceCorrelation(string? name = null, int axis = -1)
        : base(axis, name ?? "concordance_correlation")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(ConcordanceCorrelation);

    /// <inheritdoc/>
    public override Metric Fresh() => new ConcordanceCorrelation(Name, Axis);

    /// <inheritdoc/>
    private protected override double Of(double covariance, double targetVariance, double variance, double difference) =>
        2 * covariance / (targetVariance + variance + (difference * difference) + 1e-7);
}
