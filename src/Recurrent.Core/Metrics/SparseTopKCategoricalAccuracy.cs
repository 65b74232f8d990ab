using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The share of columns whose integer label is among the <c>k</c> greatest outputs.</summary>
public sealed class SparseTopKCategoricalAccuracy : MeanMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">How many of the outputs count as a hit, at least 1; default 5.</param>
    /// <param name="name">Name of the metric; default <c>sparse_top_k_categorical_accuracy</c>.</param>
    /// <exception cref="ArgumentException"><c>k</c> is below 1.</exception>
    public SparseTopKCategoricalAccuracy(int k = 5, string? name = null)
        : base(name ?? "sparse_top_k_categorical_accuracy")
    {
        new OptionCheck(ClassName).Positive(nameof(k), k).ThrowIfAny();
        K = k;
    }

    /// <inheritdoc/>
    public override string ClassName => "SparseTopKCategoricalAccuracy";

    /// <summary>How many of the outputs count as a hit.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new SparseTopKCategoricalAccuracy(K, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("k", K);
        return config;
    }

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction) =>
        Ranking.IsInTop(prediction, (int)target[0], K) ? 1 : 0;

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows) => RequireLabels(targetRows);
}
