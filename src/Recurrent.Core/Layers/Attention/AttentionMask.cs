namespace Recurrent.Layers;

/// <summary>Which keys a query may look at.</summary>
internal sealed class AttentionMask
{
    private readonly AttentionSizes sizes;
    private readonly bool isCausal;
    private readonly int? window;
    private readonly bool zeroWhereNothingIsLeft;

    /// <summary>Describes what does not change from batch to batch.</summary>
    /// <param name="sizes">Sizes of what is attended to.</param>
    /// <param name="isCausal">Whether query t may look at keys 0 … t only.</param>
    /// <param name="window">Query t may look at keys nearer than this; null for all.</param>
    /// <param name="zeroWhereNothingIsLeft">
    /// What a query gets that may look at nothing: weights of zero, as from Keras's masked Softmax; else equal weights, as where
    /// a large number has been taken from all its scores.
    /// </param>
    public AttentionMask(AttentionSizes sizes, bool isCausal, int? window, bool zeroWhereNothingIsLeft)
    {
        this.sizes = sizes;
        this.isCausal = isCausal;
        this.window = window;
        this.zeroWhereNothingIsLeft = zeroWhereNothingIsLeft;
    }

    /// <summary>Which queries may look at anything; laid out as their columns. Null: all.</summary>
    public bool[]? Queries { get; set; }

    /// <summary>Which keys may be looked at; laid out as their columns. Null: all.</summary>
    public bool[]? Keys
    {
        get;
        set => field = WhereItHides(value);
    }

    /// <summary>The same for what the values' mask hides.</summary>
    public bool[]? Values
    {
        get;
        set => field = WhereItHides(value);
    }

    /// <summary>Which pairs of queries and keys may look at each other. Null: all.</summary>
    public PairMask? Pairs { get; set; }

    /// <summary>Whether every query may look at every key.</summary>
    public bool HidesNothing => !isCausal && window is null && Queries is null && Keys is null && Values is null && Pairs is null;

    /// <summary>
    /// How many steps the first key stands before the first query, where queries go on with a sequence; else 0.
    /// </summary>
    public int StepsBefore { get; set; }

    /// <summary>The weight of each key for a query that may look at none.</summary>
    /// <param name="keys">Number of keys.</param>
    public Real WeightOfNothing(int keys) => zeroWhereNothingIsLeft ? 0 : (Real)1 / keys;

    /// <summary>Makes the scores of keys that a query may not look at −∞.</summary>
    /// <param name="scores">The scores of all keys.</param>
    /// <param name="head">The head.</param>
    /// <param name="query">Step of the query.</param>
    /// <param name="sample">The sample.</param>
    public void Hide(Span<Real> scores, int head, int query, int sample)
    {
        if (Queries is not null && !Queries[(query * sizes.BatchSize) + sample])
        {
            scores.Fill(Real.NegativeInfinity);
            return;
        }

        int step = query + StepsBefore;
        if (isCausal && step + 1 < scores.Length)
        {
            scores[(step + 1)..].Fill(Real.NegativeInfinity);
        }

        if (window is int width)
        {
            scores[..Math.Clamp(step - width + 1, 0, scores.Length)].Fill(Real.NegativeInfinity);
            scores[(int)Math.Clamp((long)step + width, 0, scores.Length)..].Fill(Real.NegativeInfinity);
        }

        HideColumns(scores, Keys, sample);
        HideColumns(scores, Values, sample);
        Pairs?.Hide(scores, head, query, sample);
    }

    /// <summary>A mask, unless it hides nothing, as that of sequences of unequal length that are all equally long.</summary>
    private static bool[]? WhereItHides(bool[]? mask) => mask.AsSpan().Contains(false) ? mask : null;

    private void HideColumns(Span<Real> scores, bool[]? mask, int sample)
    {
        for (int key = 0; key < scores.Length && mask is not null; key++)
        {
            if (!mask[(key * sizes.KeySamples) + (sample / sizes.Sharing)])
            {
                scores[key] = Real.NegativeInfinity;
            }
        }
    }
}
