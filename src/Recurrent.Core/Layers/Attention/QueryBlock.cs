using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// Queries of one head that are taken together: some of one sample or, where a sample has one query alone, those of some samples
/// that look at the same keys.
/// </summary>
/// <param name="Sizes">Sizes of what is attended to.</param>
/// <param name="Head">The head.</param>
/// <param name="First">Step of the first query.</param>
/// <param name="Sample">Sample of the first query.</param>
/// <param name="Count">Number of queries.</param>
internal readonly record struct QueryBlock(AttentionSizes Sizes, int Head, int First, int Sample, int Count)
{
    private bool IsOfSamples => Sizes.Queries == 1;

    /// <summary>Those of one head that look at one sample of keys, from one of them on.</summary>
    /// <param name="sizes">Sizes of what is attended to.</param>
    /// <param name="head">The head.</param>
    /// <param name="keySample">The sample of keys.</param>
    /// <param name="place">How many queries of this head stand before the block.</param>
    public static QueryBlock Of(AttentionSizes sizes, int head, int keySample, int place)
    {
        int sample = keySample * sizes.Sharing;
        if (sizes.Queries == 1)
        {
            return new(sizes, head, 0, sample + place, Math.Min(SoftmaxAttention.MostQueries, sizes.Sharing - place));
        }

        int before = Math.DivRem(place, sizes.Queries, out int first);
        return new(sizes, head, first, sample + before, Math.Min(SoftmaxAttention.MostQueries, sizes.Queries - first));
    }

    /// <summary>Step of a query.</summary>
    public int StepOf(int column) => IsOfSamples ? First : First + column;

    /// <summary>Sample of a query.</summary>
    public int SampleOf(int column) => IsOfSamples ? Sample + column : Sample;

    /// <summary>The queries, or what belongs to them, in a matrix of all.</summary>
    /// <param name="matrix">heads · width × (queries, samples).</param>
    /// <param name="width">Rows of a head.</param>
    public MatrixView In(DenseMatrix matrix, int width) =>
        new(matrix, Head * width, width, (First * Sizes.BatchSize) + Sample, Count, IsOfSamples ? 1 : Sizes.BatchSize);

    /// <summary>Where what is handed out to a query stands: head, then step, then sample, the fastest.</summary>
    public int PlaceOf(int column) => (((Head * Sizes.Queries) + StepOf(column)) * Sizes.BatchSize) + SampleOf(column);

    /// <summary>What is remembered of the queries of the block, one after the other: head, then sample, then step.</summary>
    public Span<Real> Of(Real[] values) => values.AsSpan((((Head * Sizes.BatchSize) + Sample) * Sizes.Queries) + First, Count);
}
