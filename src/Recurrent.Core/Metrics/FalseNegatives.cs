namespace Recurrent.Metrics;

/// <summary>The weighted number of no answers to yes targets.</summary>
public sealed class FalseNegatives : ThresholdMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="thresholds">The thresholds, each in [0, 1]; default 0.5 alone. With several, <see cref="Metric.Results"/> has
    /// one figure for each.</param>
    /// <param name="name">Name of the metric; default <c>false_negatives</c>.</param>
    /// <exception cref="ArgumentException">A threshold is out of range.</exception>
    public FalseNegatives(IReadOnlyList<double>? thresholds = null, string? name = null)
        : base(name ?? "false_negatives", thresholds) => Check();

    /// <inheritdoc/>
    public override string ClassName => "FalseNegatives";

    /// <inheritdoc/>
    public override Metric Fresh() => new FalseNegatives(Given, Name);

    /// <inheritdoc/>
    protected override double At(int index) => base.FalseNegatives[index];
}
