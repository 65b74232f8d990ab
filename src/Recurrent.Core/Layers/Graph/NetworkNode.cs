using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A use of a layer as a network runs it. Values are numbered: first the inputs of the network, then the outputs of its nodes,
/// node by node.
/// </summary>
/// <param name="Layer">The layer; never a model, whose own layers stand in its place.</param>
/// <param name="Name">Name of the layer, after those of the models around it; of a further use with its number.</param>
/// <param name="Use">Which use of the layer it is in this network, from 0 on.</param>
/// <param name="Reads">The values that the layer reads, in order.</param>
/// <param name="FirstOutput">The first of the values that it gives.</param>
/// <param name="OutputShapes">Shape of a sample of each; axes may be unknown.</param>
internal sealed record NetworkNode(
    Layer Layer, string Name, int Use, int[] Reads, int FirstOutput, IReadOnlyList<Shape> OutputShapes)
{
    /// <summary>Whether it reads strings, as what the layer has looked them up to be.</summary>
    public bool HasKeys { get; init; }

    /// <summary>Whether the layer begins with states that other layers give, and not with its own.</summary>
    public bool HasWiredStates => Layer is IHasStates && Reads.Length > 1;
}
