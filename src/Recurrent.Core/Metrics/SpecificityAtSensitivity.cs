namespace Recurrent.Metrics;

/// <summary>The greatest specificity (share of the no targets left alone)
/// at thresholds whose sensitivity (share of the yes targets that are found) reaches a bound.</summary>
/// <remarks>Outputs outside [0, 1] count as 0 and 1 where there are several thresholds (as in Keras).</remarks>
public sealed class SpecificityAtSensitivity : ConstrainedMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="sensitivity">The sensitivity that must be reached, in [0, 1].</param>
    /// <param name="numThresholds">Number of thresholds, from 1 (which is 0.5) to a million; default 200.</param>
    /// <param name="classId">The only output that is looked at, from 0; null, the default, for all.</param>
    /// <param name="name">Name of the metric; default <c>specificity_at_sensitivity</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SpecificityAtSensitivity(double sensitivity, int numThresholds = 200, int? classId = null, string? name = null)
        : base(nameof(SpecificityAtSensitivity), name ?? "specificity_at_sensitivity", "sensitivity", sensitivity, numThresholds,
            classId) => Sensitivity = sensitivity;

    /// <inheritdoc/>
    public override string ClassName => nameof(SpecificityAtSensitivity);

    /// <summary>The sensitivity that must be reached.</summary>
    public double Sensitivity { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new SpecificityAtSensitivity(Sensitivity, NumThresholds, ClassId, Name);

    /// <inheritdoc/>
    private protected override (double Bounded, double Wanted) At(int index) => (RecallAt(index), SpecificityAt(index));
}
