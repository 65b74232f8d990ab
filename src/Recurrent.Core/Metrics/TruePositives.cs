namespace Recurrent.Metrics;

/// <summary>The weighted number of yes answers to yes targets.</summary>
public sealed class TruePositives : ThresholdMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="thresholds">The thresholds, each in [0, 1]; default 0.5 alone. With several, <see cref="Metric.Results"/> has
    /// one figure for each.</param>
    /// <param name="name">Name of the metric; default <c>true_positives</c>.</param>
    /// <exception cref="ArgumentException">A threshold is out of range.</exception>
    public TruePositives(IReadOnlyList<double>? thresholds = null, string? name = null)
        : base(name ?? "true_positives", thresholds) => Check();

    /// <inheritdoc/>
    public override string ClassName => "TruePositives";

    /// <inheritdoc/>
    public override Metric Fresh() => new TruePositives(Given, Name);

    /// <inheritdoc/>
    protected override double At(int index) => base.TruePositives[index];
}
