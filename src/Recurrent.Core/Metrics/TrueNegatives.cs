namespace Recurrent.Metrics;

/// <summary>The weighted number of no answers to no targets.</summary>
public sealed class TrueNegatives : ThresholdMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="thresholds">The thresholds, each in [0, 1]; default 0.5 alone. With several, <see cref="Metric.Results"/> has
    /// one figure for each.</param>
    /// <param name="name">Name of the metric; default <c>true_negatives</c>.</param>
    /// <exception cref="ArgumentException">A threshold is out of range.</exception>
    public TrueNegatives(IReadOnlyList<double>? thresholds = null, string? name = null)
        : base(name ?? "true_negatives", thresholds) => Check();

    /// <inheritdoc/>
    public override string ClassName => "TrueNegatives";

    /// <inheritdoc/>
    public override Metric Fresh() => new TrueNegatives(Given, Name);

    /// <inheritdoc/>
    protected override double At(int index) => base.TrueNegatives[index];
}
