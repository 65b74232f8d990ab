namespace Recurrent.Metrics;

/// <summary>The greatest sensitivity (share of the yes targets that are found)
/// at thresholds whose specificity (share of the no targets left alone) reaches a bound.</summary>
/// <remarks>Outputs outside [0, 1] count as 0 and 1 where there are several thresholds (as in Keras).</remarks>
public sealed class SensitivityAtSpecificity : ConstrainedMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="specificity">The specificity that must be reached, in [0, 1].</param>
    /// <param name="numThresholds">Number of thresholds, from 1 (which is 0.5) to a million; default 200.</param>
    /// <param name="classId">The only output that is looked at, from 0; null, the default, for all.</param>
    /// <param name="name">Name of the metric; default <c>sensitivity_at_specificity</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SensitivityAtSpecificity(double specificity, int numThresholds = 200, int? classId = null, string? name = null)
        : base(nameof(SensitivityAtSpecificity), name ?? "sensitivity_at_specificity", "specificity", specificity, numThresholds,
            classId) => Specificity = specificity;

    /// <inheritdoc/>
    public override string ClassName => nameof(SensitivityAtSpecificity);

    /// <summary>The specificity that must be reached.</summary>
    public double Specificity { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new SensitivityAtSpecificity(Specificity, NumThresholds, ClassId, Name);

    /// <inheritdoc/>
    private protected override (double Bounded, double Wanted) At(int index) => (SpecificityAt(index), RecallAt(index));
}
