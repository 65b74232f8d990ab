using Recurrent.Numerics;

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
/// so a sequence behind padding has the bits that it has by itself.
/// </para>
/// </remarks>
internal sealed class SoftmaxAttention
{
    /// <summary>The most queries that are taken at a time.</summary>
    public const int MostQueries = 64;

    // As products have it: a part of less is not worth handing over.
    private const long LeastShared = 1 << 16;

    private static readonly Action<Share, int> ForwardShare = static (share, part) => share.Run(part);

    private readonly AttentionSizes sizes;
    private readonly double rate;
    private readonly bool weightsAreDropped;
    private readonly AttentionHead[] workers;
    private readonly Real[] largest;
    private readonly Real[] inverses;
    private AttentionRun last;
    private int keys;

    /// <summary>Makes room.</summary>
    /// <param name="sizes">Sizes of what is attended to.</param>
    /// <param name="scores">Compares queries with keys.</param>
    /// <param name="mask">Which keys a query may look at.</param>
    /// <param name="differentiable">Whether backward passes follow.</param>
    /// <param name="rate">The share of weights that training drops.</param>
    /// <param name="weightsAreDropped">Whether the weights that are handed out are those after dropout.</param>
    /// <param name="others">More of the scores: for each one more thread may work on the heads of a forward pass.</param>
    public SoftmaxAttention(
        AttentionSizes sizes, AttentionScores scores, AttentionMask mask, bool differentiable, double rate,
        bool weightsAreDropped, params ReadOnlySpan<AttentionScores> others)
    {
        this.sizes = sizes;
        this.rate = rate;
        this.weightsAreDropped = weightsAreDropped;
        keys = sizes.Keys;
        workers = new AttentionHead[1 + others.Length];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new AttentionHead(sizes, i == 0 ? scores : others[i - 1], mask, differentiable, rate);
        }

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
                foreach (AttentionHead worker in workers)
                {
                    worker.Resize(value);
                }
            }
        }
    }

    /// <summary>
    /// Keys and values stay what they are, until the next call: for passes that go on with what is given to them once.
    /// </summary>
    public void HoldKeys()
    {
        foreach (AttentionHead worker in workers)
        {
            worker.Hold();
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
        last = new AttentionRun(query, key, value, context, largest, inverses)
        {
            Dropout = rate > 0 ? dropout : null,
            Weights = weightsAreDropped ? null : handedOut,
            DroppedWeights = weightsAreDropped ? handedOut : null,
        };
        int parts = workers.Length == 1 ? 1 : (int)Math.Min(workers.Length, Work / LeastShared);
        if (parts < 2)
        {
            Forward(0, 1);
            return;
        }

        Workers.Run(parts, parts, new Share(this, parts), ForwardShare);
    }

    /// <summary>The backward pass of the last forward pass.</summary>
    /// <param name="contextGradient">Gradient with respect to the contexts.</param>
    /// <param name="handedOut">Gradient with respect to the weights handed out, or null.</param>
    /// <param name="query">Receives the gradient with respect to the queries; null where nobody wants it.</param>
    /// <param name="key">That of the keys.</param>
    /// <param name="value">That of the values.</param>
    public void Backward(
        DenseMatrix contextGradient, DenseMatrix? handedOut, DenseMatrix? query, DenseMatrix? key, DenseMatrix? value)
    {
        var gradients = new AttentionGradients(contextGradient, query, key, value)
        {
            Weights = weightsAreDropped ? null : handedOut,
            DroppedWeights = weightsAreDropped ? handedOut : null,
        };
        key?.Clear();
        value?.Clear();
        for (int sample = 0; sample < sizes.KeySamples; sample++)
        {
            for (int keyHead = 0; keyHead < sizes.KeyHeads; keyHead++)
            {
                workers[0].Backward(last, gradients, keyHead, sample);
            }
        }
    }

    /// <summary>Multiply-adds of a forward pass.</summary>
    private long Work =>
        (long)sizes.Heads * sizes.Queries * sizes.BatchSize * keys * (sizes.KeyWidth + sizes.ValueWidth);

    /// <summary>Works on a part of all heads of keys of all samples.</summary>
    private void Forward(int part, int parts)
    {
        int count = sizes.KeySamples * sizes.KeyHeads;
        int end = (int)((long)count * (part + 1) / parts);
        for (int index = (int)((long)count * part / parts); index < end; index++)
        {
            workers[part].Forward(last, index % sizes.KeyHeads, index / sizes.KeyHeads);
        }
    }

    private readonly struct Share(SoftmaxAttention attention, int parts)
    {
        public void Run(int part) => attention.Forward(part, parts);
    }
}
