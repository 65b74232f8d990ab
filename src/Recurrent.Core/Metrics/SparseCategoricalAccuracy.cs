namespace Recurrent.Metrics;

/// <summary>The share of columns whose greatest output (of equals the first) is that of the integer label.</summary>
public sealed class SparseCategoricalAccuracy : MeanMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="name">Name of the metric; default <c>sparse_categorical_accuracy</c>.</param>
    public SparseCategoricalAccuracy(string? name = null)
        : base(name ?? "sparse_categorical_accuracy")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "SparseCategoricalAccuracy";

    /// <inheritdoc/>
    public override Metric Fresh() => new SparseCategoricalAccuracy(Name);

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction) =>
        target[0] == Ranking.Best(prediction) ? 1 : 0;

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows) => RequireLabels(targetRows);
}
