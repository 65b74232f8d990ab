namespace Recurrent.Layers;

/// <summary>What data go to in a network.</summary>
/// <param name="Input">Which input.</param>
/// <param name="Place">The value that receives them.</param>
/// <param name="Reader">
/// Where the input is one of strings, the layer that looks them up; null where it is not, or nobody reads it.
/// </param>
internal sealed record Feed(int Input, int Place, Layer? Reader);
