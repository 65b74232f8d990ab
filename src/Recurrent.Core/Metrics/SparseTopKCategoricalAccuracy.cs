using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The share of columns whose integer label is among the <c>k</c> greatest outputs.</summary>
public sealed class SparseTopKCategoricalAccuracy : MeanMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">How many of the outputs count as a hit, at least 1; default 5.</param>
    /// <param name="name">Name of the metric; default <c>sparse_top_k_categorical_accuracy</c>.</param>
    /// <param name="fromSortedIds">
    /// Whether the outputs are class indices, the likeliest first, and not scores; then the first <c>k</c> count. Default false.
    /// </param>
    /// <exception cref="ArgumentException"><c>k</c> is below 1.</exception>
    public SparseTopKCategoricalAccuracy(int k = 5, string? name = null, bool fromSortedIds = false)
        : base(name ?? "sparse_top_k_categorical_accuracy")
    {
        new OptionCheck(ClassName).Positive(nameof(k), k).ThrowIfAny();
        K = k;
        FromSortedIds = fromSortedIds;
    }

    /// <inheritdoc/>
    public override string ClassName => "SparseTopKCategoricalAccuracy";

    /// <summary>How many of the outputs count as a hit.</summary>
    public int K { get; }

    /// <summary>Whether the outputs are class indices, the likeliest first.</summary>
    public bool FromSortedIds { get; }

    /// <inheritdoc/>
    public override Metric Fresh() => new SparseTopKCategoricalAccuracy(K, Name, FromSortedIds);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("k", K);
        if (FromSortedIds)
        {
            config.Add("from_sorted_ids", true); // Keras writes it only then.
        }

        return config;
    }

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction) =>
        (FromSortedIds ? prediction[..Math.Min(K, prediction.Length)].Contains(target[0])
            : Ranking.IsInTop(prediction, (int)target[0], K)) ? 1 : 0;

    /// <inheritdoc/>
    public override void CheckRows(int targetRows, int rows) => RequireLabels(targetRows);
}
