namespace Recurrent.Layers;

/// <summary>What a run of attention is given and what it gives.</summary>
/// <param name="Query">Queries: heads · key width × (queries, samples).</param>
/// <param name="Key">Keys: key heads · key width × (keys, samples).</param>
/// <param name="Value">Values: key heads · value width × (keys, samples).</param>
/// <param name="Context">Receives the contexts: heads · value width × (queries, samples).</param>
/// <param name="Largest">Receives the largest score of each query.</param>
/// <param name="Inverses">Receives one over the sum of a query's exponentials.</param>
internal readonly record struct AttentionRun(
    DenseMatrix Query, DenseMatrix Key, DenseMatrix Value, DenseMatrix Context, Real[] Largest, Real[] Inverses)
{
    /// <summary>Names the draws of dropout; null where nothing is dropped.</summary>
    public ulong? Dropout { get; init; }

    /// <summary>
    /// Receives the weights as they are before dropout: keys × (heads, queries, samples); null where nobody wants them.
    /// </summary>
    public DenseMatrix? Weights { get; init; }

    /// <summary>The same after dropout.</summary>
    public DenseMatrix? DroppedWeights { get; init; }
}

/// <summary>Gradients of a run of attention, laid out as what they belong to.</summary>
/// <param name="Context">That with respect to the contexts.</param>
/// <param name="Query">Receives that with respect to the queries; null where nobody wants it.</param>
/// <param name="Key">That of the keys.</param>
/// <param name="Value">That of the values.</param>
internal readonly record struct AttentionGradients(DenseMatrix Context, DenseMatrix? Query, DenseMatrix? Key, DenseMatrix? Value)
{
    /// <summary>That with respect to the weights handed out before dropout; null where there is none.</summary>
    public DenseMatrix? Weights { get; init; }

    /// <summary>The same after dropout.</summary>
    public DenseMatrix? DroppedWeights { get; init; }
}
