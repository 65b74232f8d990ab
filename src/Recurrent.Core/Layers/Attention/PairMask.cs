using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Which keys each query may look at, as an input says it: (queries, keys), or (heads, queries, keys) for each head. An
/// axis of length 1 stands for all.</summary>
internal sealed class PairMask
{
    private readonly int heads;
    private readonly int queries;
    private readonly int keys;
    private readonly int batch;
    private Real[] values = [];

    /// <summary>Takes the shape.</summary>
    /// <param name="shape">Shape of a sample.</param>
    /// <param name="batch">Number of samples.</param>
    public PairMask(Shape shape, int batch)
    {
        heads = shape.Rank > 2 ? shape[0]!.Value : 1;
        queries = shape[^2]!.Value;
        keys = shape[^1]!.Value;
        this.batch = batch;
    }

    /// <summary>Takes the pairs of a batch: those with a value above ½ may look at each other.</summary>
    public void Take(DenseMatrix pairs) => values = pairs.Values;

    /// <summary>Makes the scores of keys that a query may not look at −∞.</summary>
    /// <param name="scores">The scores of all keys.</param>
    /// <param name="head">The head.</param>
    /// <param name="query">Step of the query.</param>
    /// <param name="sample">The sample.</param>
    public void Hide(Span<Real> scores, int head, int query, int sample)
    {
        int step = ((heads == 1 ? 0 : head) * queries) + (queries == 1 ? 0 : query);
        ReadOnlySpan<Real> pairs = values.AsSpan(((step * batch) + sample) * keys, keys);
        if (keys == 1)
        {
            if (pairs[0] <= (Real)0.5)
            {
                scores.Fill(Real.NegativeInfinity);
            }

            return;
        }

        for (int key = 0; key < scores.Length; key++)
        {
            scores[key] = pairs[key] > (Real)0.5 ? scores[key] : Real.NegativeInfinity;
        }
    }
}
