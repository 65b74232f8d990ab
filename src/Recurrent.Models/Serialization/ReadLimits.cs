namespace Recurrent.Serialization;

/// <summary>How much a document may hold, and ask for, so that a hostile one is refused before it costs much.</summary>
/// <remarks>
/// Beside these, a document may not be nested deeper than 128 levels, an object may have no more than 1000 keys, a shape no more
/// than 32 axes, and texts other than weights no more than 2²⁰ bytes each and 2²⁶ together.
/// </remarks>
public sealed record ReadLimits
{
    /// <summary>The limits that hold where none are given.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>Most bytes of a file, or characters of a text; default 1 GiB.</summary>
    public long MaxLength { get; init; } = 1L << 30;

    /// <summary>Most layers of a model; default 1000.</summary>
    public int MaxLayers { get; init; } = 1000;

    /// <summary>
    /// Most numbers that a document may ask room for in all, beyond those it has: the weights of a model without weights, which
    /// its layers have to make, states, thresholds of metrics, repetitions and rates; default 2²⁶, 256 MB.
    /// Where a document has weights, it has all of them, and its length limits their number.
    /// </summary>
    public long MaxParameters { get; init; } = 1L << 26;

    /// <summary>
    /// Most numbers that a session from a file may work in: its sequences, times what the model's layers hold for each; default
    /// 2²⁶, 256 MB. One sequence is always allowed, and so are sixteen numbers for each one in the file, whose length limits
    /// them.
    /// </summary>
    public long MaxSessionValues { get; init; } = 1L << 26;
}
