namespace Recurrent.Metrics;

/// <summary>The weighted number of yes answers to no targets.</summary>
public sealed class FalsePositives : ThresholdMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="thresholds">The thresholds, each in [0, 1]; default 0.5 alone. With several, <see cref="Metric.Results"/> has
    /// one figure for each.</param>
    /// <param name="name">Name of the metric; default <c>false_positives</c>.</param>
    /// <exception cref="ArgumentException">A threshold is out of range.</exception>
    public FalsePositives(IReadOnlyList<double>? thresholds = null, string? name = null)
        : base(name ?? "false_positives", thresholds) => Check();

    /// <inheritdoc/>
    public override string ClassName => "FalsePositives";

    /// <inheritdoc/>
    public override Metric Fresh() => new FalsePositives(Given, Name);

    /// <inheritdoc/>
    protected override double At(int index) => base.FalsePositives[index];
}
