namespace Recurrent.Metrics;

/// <summary>The share of columns whose greatest output is that of the greatest target (of equals the first).</summary>
public sealed class CategoricalAccuracy : MeanMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="name">Name of the metric; default <c>categorical_accuracy</c>.</param>
    public CategoricalAccuracy(string? name = null)
        : base(name ?? "categorical_accuracy")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "CategoricalAccuracy";

    /// <inheritdoc/>
    public override Metric Fresh() => new CategoricalAccuracy(Name);

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction) =>
        Ranking.Best(target) == Ranking.Best(prediction) ? 1 : 0;
}
