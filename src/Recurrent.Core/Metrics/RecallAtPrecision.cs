namespace Recurrent.Metrics;

/// <summary>The greatest recall (share of the yes targets that are found)
/// at thresholds whose precision (share of the yes answers that are right) reaches a bound.</summary>
/// <remarks>Outputs outside [0, 1] count as 0 and 1 where there are several thresholds (as in Keras).</remarks>
public sealed class RecallAtPrecision : ConstrainedMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="precision">The precision that must be reached, in [0, 1].</param>
    /// <param name="numThresholds">Number of thresholds, from 1 (which is 0.5) to a million; default 200.</param>
    /// <param name="classId">The only output that is looked at, from 0; null, the default, for all.</param>
    /// <param name="name">Name of the metric; default <c>recall_at_precision</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public RecallAtPrecision(double precision, int numThresholds = 200, int? classId = null, string? name = null)
        : base(nameof(RecallAtPrecision), name ?? "recall_at_precision", "precision", precision, numThresholds, classId) =>
        Precision = precision;

    /// <inheritdoc/>
    public override string ClassName => nameof(RecallAtPrecision);

    /// <summary>The precision that must be reached.</summary>
    public double Precision { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new RecallAtPrecision(Precision, NumThresholds, ClassId, Name);

    /// <inheritdoc/>
    private protected override (double Bounded, double Wanted) At(int index) => (PrecisionAt(index), RecallAt(index));
}
