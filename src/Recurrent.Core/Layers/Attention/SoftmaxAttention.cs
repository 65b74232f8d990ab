using Recurrent.Numerics;
using Recurrent.Random;

namespace Recurrent.Layers;

/// <summary>What all attention layers share: contexts that are means of values, weighted by a softmax of scores.</summary>
/// <remarks>
/// <para>
/// For each head of each sample, with one column for each query: <c>P = softmax(S)</c> over the keys that a query may look at,
/// <c>P̃ = M∘P</c> with dropout's factors M, <c>C = V·P̃</c>. Backward: <c>dV += dC·P̃ᵀ</c>, <c>dP = M∘(Vᵀ·dC)</c>,
/// <c>dS = P∘(dP − 1·Σ P∘dP)</c>, and dS goes on to <see cref="AttentionScores"/>.
/// </para>
/// <para>
/// Queries are taken 64 at a time, and the backward pass makes P again from two numbers for each query, its largest score and the
/// sum of its exponentials. So the memory is linear in the number of steps (Rabe and Staats, "Self-attention does not need O(n²)
/// memory", 2021), unless somebody asks for the weights themselves.
/// </para>
/// <para>
/// The order of the sums in <see cref="SoftmaxSweeps"/> is the same for values that stand some places further on behind zeros,
/// so a
/// sequence behind padding has the bits that it has by itself.
/// </para>
/// </remarks>
internal sealed class SoftmaxAttention
{
    private const int MostQueries = 64;

    private readonly AttentionSizes sizes;
    private readonly AttentionScores scores;
    private readonly AttentionMask mask;
    private readonly double rate;
    private readonly bool weightsAreDropped;
    private readonly PackedMatrix values;
    private readonly PackedMatrix? valuesTransposed;
    private readonly DenseMatrix weights;
    private readonly DenseMatrix? slopes;
    private readonly Real[] largest;
    private readonly Real[] inverses;
    private DenseMatrix? factors;
    private int keys;
    private ulong? dropoutKey;

    /// <summary>Makes room.</summary>
    /// <param name="sizes">Sizes of what is attended to.</param>
    /// <param name="scores">Compares queries with keys.</param>
    /// <param name="mask">Which keys a query may look at.</param>
    /// <param name="differentiable">Whether backward passes follow.</param>
    /// <param name="rate">The share of weights that training drops.</param>
    /// <param name="weightsAreDropped">Whether the weights that are handed out are those after dropout.</param>
    public SoftmaxAttention(
        AttentionSizes sizes, AttentionScores scores, AttentionMask mask, bool differentiable, double rate,
            bool weightsAreDropped)
    {
        this.sizes = sizes;
        this.scores = scores;
        this.mask = mask;
        this.rate = rate;
        this.weightsAreDropped = weightsAreDropped;
        keys = sizes.Keys;
        int block = Block(sizes.Queries);
        values = PackedMatrix.OfOnePass(sizes.ValueWidth, sizes.Keys);
        valuesTransposed = differentiable ? PackedMatrix.OfOnePass(sizes.Keys, sizes.ValueWidth) : null;
        weights = new DenseMatrix(sizes.Keys, block);
        slopes = differentiable ? new DenseMatrix(sizes.Keys, block) : null;
        largest = new Real[sizes.Heads * sizes.Queries * sizes.BatchSize];
        inverses = new Real[largest.Length];
    }

    /// <summary>
    /// Number of keys, at most and at first those that there is room for. What stands behind them in a matrix is not looked at.
    /// </summary>
    public int Keys
    {
        get => keys;
        set
        {
            if (keys != value)
            {
                keys = value;
                values.Resize(values.Rows, value);
                valuesTransposed?.Resize(value, valuesTransposed.Columns);
                scores.Resize(value);
            }
        }
    }

    /// <summary>How many queries are taken at a time.</summary>
    /// <param name="queries">How many there are.</param>
    public static int Block(int queries) => Math.Min(queries, MostQueries);

    /// <summary>Computes contexts.</summary>
    /// <param name="query">Queries: heads · key width × (queries, samples).</param>
    /// <param name="key">Keys: key heads · key width × (keys, samples).</param>
    /// <param name="value">Values: key heads · value width × (keys, samples).</param>
    /// <param name="context">Receives the contexts: heads · value width × (queries, samples).</param>
    /// <param name="handedOut">Receives the weights: keys × (heads, queries, samples); null where nobody wants them.</param>
    /// <param name="dropout">Names the draws of dropout; null where nothing is dropped.</param>
    public void Forward(DenseMatrix query, DenseMatrix key, DenseMatrix value, DenseMatrix context,
        DenseMatrix? handedOut, ulong? dropout)
    {
        dropoutKey = rate > 0 ? dropout : null;
        for (int sample = 0; sample < sizes.BatchSize; sample++)
        {
            for (int keyHead = 0; keyHead < sizes.KeyHeads; keyHead++)
            {
                scores.TakeKeys(OfKeys(key, keyHead, sizes.KeyWidth, sample));
                values.Pack(OfKeys(value, keyHead, sizes.ValueWidth, sample));
                for (int head = keyHead * sizes.HeadsToAKey; head < (keyHead + 1) * sizes.HeadsToAKey; head++)
                {
                    for (int first = 0; first < sizes.Queries; first += MostQueries)
                    {
                        var block = new QueryBlock(head, first, Math.Min(MostQueries, sizes.Queries - first), sample);
                        ColumnBlock p = ColumnBlock.InRoomOf(weights, keys, block.Count);
                        scores.Compute(OfQueries(query, sizes.KeyWidth, block), p);
                        Normalize(p, block);
                        HandOut(handedOut, p, block, afterDropout: false);
                        Drop(p, block);
                        HandOut(handedOut, p, block, afterDropout: true);
                        Product.Set(values, p, OfQueries(context, sizes.ValueWidth, block));
                    }
                }
            }
        }
    }

    /// <summary>The backward pass of the last forward pass.</summary>
    /// <param name="forward">What it was given.</param>
    /// <param name="contextGradient">Gradient with respect to the contexts.</param>
    /// <param name="handedOut">Gradient with respect to the weights handed out, or null.</param>
    /// <param name="query">Receives the gradient with respect to the queries; null where nobody wants it.</param>
    /// <param name="key">That of the keys.</param>
    /// <param name="value">That of the values.</param>
    public void Backward(
        (DenseMatrix Query, DenseMatrix Key, DenseMatrix Value) forward,
        DenseMatrix contextGradient,
        DenseMatrix? handedOut,
        DenseMatrix? query,
        DenseMatrix? key,
        DenseMatrix? value)
    {
        key?.Clear();
        value?.Clear();
        for (int sample = 0; sample < sizes.BatchSize; sample++)
        {
            for (int keyHead = 0; keyHead < sizes.KeyHeads; keyHead++)
            {
                scores.TakeKeys(OfKeys(forward.Key, keyHead, sizes.KeyWidth, sample));
                valuesTransposed!.PackTransposed(OfKeys(forward.Value, keyHead, sizes.ValueWidth, sample));
                MatrixView? dK = key is null ? default(MatrixView?) : OfKeys(key, keyHead, sizes.KeyWidth, sample);
                MatrixView? dV = value is null ? default(MatrixView?) : OfKeys(value, keyHead, sizes.ValueWidth, sample);
                for (int head = keyHead * sizes.HeadsToAKey; head < (keyHead + 1) * sizes.HeadsToAKey; head++)
                {
                    for (int first = 0; first < sizes.Queries; first += MostQueries)
                    {
                        var block = new QueryBlock(head, first, Math.Min(MostQueries, sizes.Queries - first), sample);
                        MatrixView q = OfQueries(forward.Query, sizes.KeyWidth, block);
                        MatrixView dC = OfQueries(contextGradient, sizes.ValueWidth, block);
                        ColumnBlock dS = ScoreSlopes(block, q, dC, dV, handedOut);
                        scores.Backward(dS, q, query is null ? default(MatrixView?)
                            : OfQueries(query, sizes.KeyWidth, block), dK);
                    }
                }
            }
        }
    }

    /// <summary>The gradient with respect to the scores of a block; that with respect to the values is added on the
    /// way.</summary>
    private ColumnBlock ScoreSlopes(QueryBlock block, MatrixView queries, MatrixView dC, MatrixView? dV, DenseMatrix? handedOut)
    {
        ColumnBlock p = ColumnBlock.InRoomOf(weights, keys, block.Count);
        ColumnBlock dP = ColumnBlock.InRoomOf(slopes!, keys, block.Count);
        scores.Compute(queries, p);
        Renew(p, block);
        Product.Set(valuesTransposed!, dC, dP);
        AddHandedOut(handedOut, dP, block, afterDropout: true);
        ColumnBlock dropped = p;
        if (dropoutKey is not null)
        {
            dropped = Draw(block);
            VectorMath.Multiply(dP.Values, dropped.Values, dP.Values);
            VectorMath.Multiply(p.Values, dropped.Values, dropped.Values);
        }

        if (dV is { } target)
        {
            Product.AddOuter(dC, dropped, target);
        }

        AddHandedOut(handedOut, dP, block, afterDropout: false);
        SoftmaxSweeps.Backward(p, dP, Of(largest, block), scores.Factor);
        return dP;
    }

    /// <summary>Softmax of each column over the keys that its query may look at.</summary>
    private void Normalize(ColumnBlock p, QueryBlock block)
    {
        Hide(p, block);
        SoftmaxSweeps.Forward(p, scores.Factor, Of(largest, block), Of(inverses, block), mask.WeightOfNothing(keys));
    }

    /// <summary>The softmax of the last forward pass, of the same scores: the same bits.</summary>
    private void Renew(ColumnBlock p, QueryBlock block)
    {
        Hide(p, block);
        SoftmaxSweeps.Again(p, scores.Factor, Of(largest, block), Of(inverses, block), mask.WeightOfNothing(keys));
    }

    private void Hide(ColumnBlock p, QueryBlock block)
    {
        for (int column = 0; column < block.Count && !mask.HidesNothing; column++)
        {
            mask.Hide(p.Column(column), block.First + column, block.Sample);
        }
    }

    /// <summary>What belongs to the queries of a block, one after the other.</summary>
    private Span<Real> Of(Real[] values, QueryBlock block) =>
        values.AsSpan((((block.Head * sizes.BatchSize) + block.Sample) * sizes.Queries) + block.First, block.Count);

    private void Drop(ColumnBlock p, QueryBlock block)
    {
        if (dropoutKey is not null)
        {
            VectorMath.Multiply(p.Values, Draw(block).Values, p.Values);
        }
    }

    /// <summary>Dropout's factors for a block: the same in the forward and in the backward pass.</summary>
    private ColumnBlock Draw(QueryBlock block)
    {
        factors ??= new DenseMatrix(weights.RowCount, weights.ColumnCount);
        ColumnBlock drawn = ColumnBlock.InRoomOf(factors, keys, block.Count);
        DropoutNoise.Fill(new SeededRandom(SeededRandom.Key(dropoutKey!.Value, (ulong)Index(block, 0))), rate, drawn.Values);
        return drawn;
    }

    private void HandOut(DenseMatrix? handedOut, ColumnBlock p, QueryBlock block, bool afterDropout)
    {
        for (int column = 0; column < block.Count && handedOut is not null && afterDropout == weightsAreDropped; column++)
        {
            p.Column(column).CopyTo(handedOut.Values.AsSpan(Index(block, column) * keys));
        }
    }

    private void AddHandedOut(DenseMatrix? handedOut, ColumnBlock dP, QueryBlock block, bool afterDropout)
    {
        for (int column = 0; column < block.Count && handedOut is not null && afterDropout == weightsAreDropped; column++)
        {
            VectorMath.Add(handedOut.Values.AsSpan(Index(block, column) * keys, keys), dP.Column(column));
        }
    }

    /// <summary>Where what belongs to one query of one head of one sample stands: head, then step, then sample, the
    /// fastest.</summary>
    private int Index(QueryBlock block, int column) =>
        (((block.Head * sizes.Queries) + block.First + column) * sizes.BatchSize) + block.Sample;

    private MatrixView OfQueries(DenseMatrix matrix, int width, QueryBlock block) =>
        new(matrix, block.Head * width, width, (block.First * sizes.BatchSize) + block.Sample, block.Count, sizes.BatchSize);

    private MatrixView OfKeys(DenseMatrix matrix, int head, int width, int sample) =>
        new(matrix, head * width, width, sample, keys, sizes.BatchSize);

    /// <summary>Some queries of one head of one sample.</summary>
    private readonly record struct QueryBlock(int Head, int First, int Count, int Sample);
}
