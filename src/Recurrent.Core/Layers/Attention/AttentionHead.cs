using Recurrent.Numerics;
using Recurrent.Random;

namespace Recurrent.Layers;

/// <summary>
/// What works on one head of keys of one sample after the other, with scratch of its own: several may run at once.
/// </summary>
/// <remarks>The equations stand at <see cref="SoftmaxAttention"/>.</remarks>
internal sealed class AttentionHead
{
    private readonly AttentionSizes sizes;
    private readonly AttentionMask mask;
    private readonly AttentionScores scores;
    private readonly double rate;
    private readonly PackedMatrix values;
    private readonly PackedMatrix? valuesTransposed;
    private readonly DenseMatrix weights;
    private readonly DenseMatrix? slopes;
    private PackedMatrix?[]? held;
    private bool[] isHeld = [];
    private DenseMatrix? factors;
    private int keys;

    /// <summary>Makes room.</summary>
    /// <param name="sizes">Sizes of what is attended to.</param>
    /// <param name="scores">Compares queries with keys; its own.</param>
    /// <param name="mask">Which keys a query may look at.</param>
    /// <param name="differentiable">Whether backward passes follow.</param>
    /// <param name="rate">The share of weights that training drops.</param>
    public AttentionHead(AttentionSizes sizes, AttentionScores scores, AttentionMask mask, bool differentiable, double rate)
    {
        this.sizes = sizes;
        this.scores = scores;
        this.mask = mask;
        this.rate = rate;
        keys = sizes.Keys;
        int block = SoftmaxAttention.Block(sizes.Queries == 1 ? sizes.Sharing : sizes.Queries);
        values = PackedMatrix.OfOnePass(sizes.ValueWidth, sizes.Keys);
        valuesTransposed = differentiable ? PackedMatrix.OfOnePass(sizes.Keys, sizes.ValueWidth) : null;
        weights = new DenseMatrix(sizes.Keys, block);
        slopes = differentiable ? new DenseMatrix(sizes.Keys, block) : null;
    }

    /// <summary>
    /// From now on keys and values stay what they are, in forward passes, until the next call: each head of them is laid out
    /// once.
    /// </summary>
    public void Hold()
    {
        held ??= new PackedMatrix[sizes.KeySamples * sizes.KeyHeads];
        isHeld = new bool[held.Length];
        scores.Hold(held.Length);
    }

    /// <summary>Takes another number of keys from now on, no more than there is room for.</summary>
    /// <param name="count">Number of keys.</param>
    public void Resize(int count)
    {
        keys = count;
        values.Resize(values.Rows, count);
        valuesTransposed?.Resize(count, valuesTransposed.Columns);
        scores.Resize(count);
    }

    /// <summary>Computes the contexts of the heads that look at one head of keys of one sample.</summary>
    /// <param name="run">What is computed.</param>
    /// <param name="keyHead">The head of keys.</param>
    /// <param name="sample">The sample of keys.</param>
    public void Forward(in AttentionRun run, int keyHead, int sample)
    {
        PackedMatrix own = TakeKeysAndValues(run, keyHead, sample);
        for (int head = keyHead * sizes.HeadsToAKey; head < (keyHead + 1) * sizes.HeadsToAKey; head++)
        {
            QueryBlock block;
            for (int place = 0; place < sizes.Queries * sizes.Sharing; place += block.Count)
            {
                block = QueryBlock.Of(sizes, head, sample, place);
                ColumnBlock p = ColumnBlock.InRoomOf(weights, keys, block.Count);
                scores.Compute(block.In(run.Query, sizes.KeyWidth), p);
                Hide(p, block);
                SoftmaxSweeps.Forward(
                    p, scores.Factor, block.Of(run.Largest), block.Of(run.Inverses), mask.WeightOfNothing(keys));
                HandOut(run.Weights, p, block);
                if (run.Dropout is not null)
                {
                    VectorMath.Multiply(p.Values, Draw(run, block).Values, p.Values);
                }

                HandOut(run.DroppedWeights, p, block);
                Product.Set(own, p, block.In(run.Context, sizes.ValueWidth));
            }
        }
    }

    /// <summary>The backward pass of the last forward pass of the same.</summary>
    /// <param name="run">What was computed.</param>
    /// <param name="gradients">The gradients: of the contexts and of what they were computed from.</param>
    /// <param name="keyHead">The head of keys.</param>
    /// <param name="sample">The sample.</param>
    public void Backward(in AttentionRun run, in AttentionGradients gradients, int keyHead, int sample)
    {
        scores.TakeKeys(OfKeys(run.Key, keyHead, sizes.KeyWidth, sample));
        valuesTransposed!.PackTransposed(OfKeys(run.Value, keyHead, sizes.ValueWidth, sample));
        MatrixView? dK = gradients.Key is null
            ? default(MatrixView?)
            : OfKeys(gradients.Key, keyHead, sizes.KeyWidth, sample);
        MatrixView? dV = gradients.Value is null
            ? default(MatrixView?)
            : OfKeys(gradients.Value, keyHead, sizes.ValueWidth, sample);
        for (int head = keyHead * sizes.HeadsToAKey; head < (keyHead + 1) * sizes.HeadsToAKey; head++)
        {
            QueryBlock block;
            for (int place = 0; place < sizes.Queries; place += block.Count)
            {
                block = QueryBlock.Of(sizes, head, sample, place);
                MatrixView q = block.In(run.Query, sizes.KeyWidth);
                MatrixView dC = block.In(gradients.Context, sizes.ValueWidth);
                ColumnBlock dS = ScoreSlopes(run, gradients, block, q, dC, dV);
                MatrixView? dQ = gradients.Query is null
                    ? default(MatrixView?)
                    : block.In(gradients.Query, sizes.KeyWidth);
                scores.Backward(dS, q, dQ, dK);
            }
        }
    }

    /// <summary>Takes a head of keys of a sample, and gives the values that belong to it.</summary>
    private PackedMatrix TakeKeysAndValues(in AttentionRun run, int keyHead, int sample)
    {
        if (held is null)
        {
            scores.TakeKeys(OfKeys(run.Key, keyHead, sizes.KeyWidth, sample));
            values.Pack(OfKeys(run.Value, keyHead, sizes.ValueWidth, sample));
            return values;
        }

        int index = (sample * sizes.KeyHeads) + keyHead;
        PackedMatrix own = held[index] ??= PackedMatrix.OfOnePass(values.Rows, values.Columns);
        scores.TakeKeys(OfKeys(run.Key, keyHead, sizes.KeyWidth, sample), index);
        if (!isHeld[index])
        {
            own.Pack(OfKeys(run.Value, keyHead, sizes.ValueWidth, sample));
            isHeld[index] = true;
        }

        return own;
    }

    /// <summary>The gradient with respect to the scores of a block; that with respect to the values is added on the
    /// way.</summary>
    private ColumnBlock ScoreSlopes(
        in AttentionRun run, in AttentionGradients gradients, QueryBlock block, MatrixView queries, MatrixView dC, MatrixView? dV)
    {
        ColumnBlock p = ColumnBlock.InRoomOf(weights, keys, block.Count);
        ColumnBlock dP = ColumnBlock.InRoomOf(slopes!, keys, block.Count);
        scores.Compute(queries, p);
        Hide(p, block);
        SoftmaxSweeps.Again(p, scores.Factor, block.Of(run.Largest), block.Of(run.Inverses), mask.WeightOfNothing(keys));
        Product.Set(valuesTransposed!, dC, dP);
        AddHandedOut(gradients.DroppedWeights, dP, block);
        ColumnBlock dropped = p;
        if (run.Dropout is not null)
        {
            dropped = Draw(run, block);
            VectorMath.Multiply(dP.Values, dropped.Values, dP.Values);
            VectorMath.Multiply(p.Values, dropped.Values, dropped.Values);
        }

        if (dV is { } target)
        {
            Product.AddOuter(dC, dropped, target);
        }

        AddHandedOut(gradients.Weights, dP, block);
        SoftmaxSweeps.Backward(p, dP, block.Of(run.Largest), scores.Factor);
        return dP;
    }

    private void Hide(ColumnBlock p, QueryBlock block)
    {
        for (int column = 0; column < block.Count && !mask.HidesNothing; column++)
        {
            mask.Hide(p.Column(column), block.Head, block.StepOf(column), block.SampleOf(column));
        }
    }

    /// <summary>Dropout's factors for a block: the same in the forward and in the backward pass.</summary>
    private ColumnBlock Draw(in AttentionRun run, QueryBlock block)
    {
        factors ??= new DenseMatrix(weights.RowCount, weights.ColumnCount);
        ColumnBlock drawn = ColumnBlock.InRoomOf(factors, keys, block.Count);
        ulong key = SeededRandom.Key(run.Dropout!.Value, (ulong)block.PlaceOf(0));
        DropoutNoise.Fill(new SeededRandom(key), rate, drawn.Values);
        return drawn;
    }

    private void HandOut(DenseMatrix? handedOut, ColumnBlock p, QueryBlock block)
    {
        for (int column = 0; column < block.Count && handedOut is not null; column++)
        {
            p.Column(column).CopyTo(handedOut.Values.AsSpan(block.PlaceOf(column) * keys));
        }
    }

    private void AddHandedOut(DenseMatrix? handedOut, ColumnBlock dP, QueryBlock block)
    {
        for (int column = 0; column < block.Count && handedOut is not null; column++)
        {
            VectorMath.Add(handedOut.Values.AsSpan(block.PlaceOf(column) * keys, keys), dP.Column(column));
        }
    }

    private MatrixView OfKeys(DenseMatrix matrix, int head, int width, int sample) =>
        new(matrix, head * width, width, sample, keys, sizes.KeySamples);
}
