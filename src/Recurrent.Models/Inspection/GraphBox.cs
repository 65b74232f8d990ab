namespace Recurrent.Inspection;

/// <summary>A box of a drawing: a use of a layer.</summary>
/// <param name="Name">Name of the layer; of a further use with its number.</param>
/// <param name="ClassName">Its class.</param>
/// <param name="Shape">Shape of what it gives.</param>
/// <param name="Weights">Number of its weights; null where another use has said it.</param>
/// <param name="Kind">Whether it is an input, an output or neither: <c>input</c>, <c>output</c>, <c>inner</c>.</param>
/// <param name="Reads">The boxes that it reads, which stand before it.</param>
internal sealed record GraphBox(string Name, string ClassName, string Shape, long? Weights, string Kind,
    IReadOnlyList<int> Reads);
