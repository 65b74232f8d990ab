namespace Recurrent.Layers;

/// <summary>What a layer is fed in place of texts.</summary>
/// <param name="Array">An array whose first axis counts samples; null where samples are of unequal length.</param>
/// <param name="Rows">Samples of unequal length; null where they are one array.</param>
internal sealed record TokenFeed(NDArray? Array, NDArray[]? Rows);
