namespace Recurrent.Metrics;

/// <summary>The greatest precision (share of the yes answers that are right)
/// at thresholds whose recall (share of the yes targets that are found) reaches a bound.</summary>
/// <remarks>Outputs outside [0, 1] count as 0 and 1 where there are several thresholds (as in Keras).</remarks>
public sealed class PrecisionAtRecall : ConstrainedMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="recall">The recall that must be reached, in [0, 1].</param>
    /// <param name="numThresholds">Number of thresholds, from 1 (which is 0.5) to a million; default 200.</param>
    /// <param name="classId">The only output that is looked at, from 0; null, the default, for all.</param>
    /// <param name="name">Name of the metric; default <c>precision_at_recall</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public PrecisionAtRecall(double recall, int numThresholds = 200, int? classId = null, string? name = null)
        : base(nameof(PrecisionAtRecall), name ?? "precision_at_recall", "recall", recall, numThresholds, classId) =>
        Recall = recall;

    /// <inheritdoc/>
    public override string ClassName => nameof(PrecisionAtRecall);

    /// <summary>The recall that must be reached.</summary>
    public double Recall { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new PrecisionAtRecall(Recall, NumThresholds, ClassId, Name);

    /// <inheritdoc/>
    private protected override (double Bounded, double Wanted) At(int index) => (RecallAt(index), PrecisionAt(index));
}
