using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The share of the yes answers that are right, 0 where there are none.</summary>
public sealed class Precision : ThresholdMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="thresholds">The thresholds, each in [0, 1]; default 0.5 alone. With several, <see cref="Metric.Results"/> has one figure for each.</param>
    /// <param name="name">Name of the metric; default <c>precision</c>.</param>
    /// <exception cref="ArgumentException">A threshold is out of range.</exception>
    public Precision(IReadOnlyList<double>? thresholds = null, string? name = null)
        : base(name ?? "precision", thresholds) => Check();

    /// <inheritdoc/>
    public override string ClassName => "Precision";

    /// <inheritdoc/>
    public override Metric Fresh() => new Precision(Given, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("top_k", null);
        config.Add("class_id", null);
        return config;
    }

    /// <inheritdoc/>
    protected override double At(int index) => Ratio(TruePositives[index], TruePositives[index] + FalsePositives[index]);
}
