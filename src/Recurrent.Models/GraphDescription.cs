using Recurrent.Layers;
using Recurrent.Serialization;
using Recurrent.Shapes;

namespace Recurrent.Models;

/// <summary>Says of a graph which layers there are, and what each use of them reads: as files and tables have it.</summary>
internal sealed class GraphDescription
{
    private readonly Dictionary<Node, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Layer, List<Node>> uses = new(ReferenceEqualityComparer.Instance);

    /// <summary>Describes what lies between inputs and outputs.</summary>
    public GraphDescription(Symbols inputs, Symbols outputs)
    {
        IReadOnlyList<Node> all = GraphOrder.All(inputs, outputs);
        var own = new HashSet<Node>(all, ReferenceEqualityComparer.Instance);
        Layers = [.. all.Select(node => node.Layer).Distinct<Layer>(ReferenceEqualityComparer.Instance)];
        foreach (Layer layer in Layers)
        {
            // In the order of the calls, of which other models may have some.
            List<Node> calls = [.. layer.Uses.Where(own.Contains)];
            uses.Add(layer, calls);
            for (int i = 0; i < calls.Count; i++)
            {
                numbers.Add(calls[i], i);
            }
        }

        Ends = new([.. inputs.Select(Place)], [.. outputs.Select(Place)]);
    }

    /// <summary>The layers with the inputs, each once.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>Inputs and outputs.</summary>
    public GraphEnds Ends { get; }

    /// <summary>The uses of a layer, in the order of the calls; none of an input.</summary>
    public IReadOnlyList<CallEntry> CallsOf(Layer layer) => layer is Input
        ? []
        : [.. uses[layer].Select(call => new CallEntry([.. call.Inputs.Select(Place)]))];

    /// <summary>Shapes of a sample of what the first use of a layer gives.</summary>
    public IReadOnlyList<Shape> ShapesOf(Layer layer) => [.. uses[layer][0].Outputs.Select(output => output.Shape)];

    private TensorPlace Place(Symbol symbol) => new(symbol.Layer.Name!, numbers[symbol.Node], symbol.Index)
    {
        Tensor = (symbol.Shape, symbol.Layer is Input input ? input.DataType : sizeof(Real) == sizeof(float)
            ? "float32" : "float64"),
    };
}
