namespace Recurrent.Layers;

/// <summary>How large what attention works on is.</summary>
/// <param name="Heads">Number of heads of the queries.</param>
/// <param name="KeyHeads">Number of heads of keys and values; several heads of queries in a row share one.</param>
/// <param name="KeyWidth">Features of a head of the queries and of the keys.</param>
/// <param name="ValueWidth">Features of a head of the values.</param>
/// <param name="Queries">Steps of the queries.</param>
/// <param name="Keys">Steps of keys and values.</param>
/// <param name="BatchSize">Number of samples.</param>
internal readonly record struct AttentionSizes(
    int Heads, int KeyHeads, int KeyWidth, int ValueWidth, int Queries, int Keys, int BatchSize)
{
    /// <summary>How many samples of queries in a row look at one sample of keys; 1, unless it is set.</summary>
    public int Sharing { get; init; } = 1;

    /// <summary>Samples of keys and values.</summary>
    public int KeySamples => BatchSize / Sharing;

    /// <summary>How many heads of queries share one of keys.</summary>
    public int HeadsToAKey => Heads / KeyHeads;
}
