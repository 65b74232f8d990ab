using Recurrent.Layers;
using Recurrent.Serialization;
using Recurrent.Shapes;

namespace Recurrent.Models;

/// <summary>Says of a graph which layers there are, and what each use of them reads: as files and tables have it.</summary>
internal sealed class GraphDescription
{
    private readonly Dictionary<Node, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Layer, List<Node>> uses = new(ReferenceEqualityComparer.Instance);

    private readonly MaskGraph masks;

    /// <summary>Describes what lies between inputs and outputs.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="operationNames">What the operations on masks are called; null, or another number of names, names them
    /// anew.</param>
    /// <param name="read">Inputs and outputs of the document that it was read from, or null.</param>
    public GraphDescription(
        Symbols inputs, Symbols outputs, IReadOnlyList<string>? operationNames = null, GraphEnds? read = null)
    {
        IReadOnlyList<Node> all = GraphOrder.All(inputs, outputs, out masks);
        var own = new HashSet<Node>(all, ReferenceEqualityComparer.Instance);
        Entries = [.. all.Select(node => node.Layer).Distinct<Layer>(ReferenceEqualityComparer.Instance)];
        Layers = [.. Entries.Where(layer => layer is not MaskOperation)];
        Operations = [.. Entries.OfType<MaskOperation>()];
        var names = new FreeNames(Layers.Select(layer => layer.Name));
        for (int i = 0; i < Operations.Count; i++)
        {
            Operations[i].Name = operationNames?.Count == Operations.Count
                ? operationNames[i]
                : names.Take(LayerNames.SnakeCase(Operations[i].ClassName));
        }

        foreach (Layer layer in Entries)
        {
            // In the order of the calls, of which other models may have some.
            List<Node> calls = [.. layer.Uses.Where(own.Contains)];
            uses.Add(layer, calls);
            for (int i = 0; i < calls.Count; i++)
            {
                numbers.Add(calls[i], i);
            }
        }

        Ends = new([.. inputs.Select(Place)], [.. outputs.Select(Place)])
        {
            InputForm = read?.InputForm ?? EndsForm.AsNeeded,
            OutputForm = read?.OutputForm ?? EndsForm.AsNeeded,
        };
    }

    /// <summary>The layers with the inputs, each once.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The same with the operations on masks, as Keras lists them.</summary>
    public IReadOnlyList<Layer> Entries { get; }

    /// <summary>The operations on masks alone.</summary>
    public IReadOnlyList<MaskOperation> Operations { get; }

    /// <summary>Inputs and outputs.</summary>
    public GraphEnds Ends { get; }

    /// <summary>The uses of a layer, in the order of the calls; none of an input.</summary>
    public IReadOnlyList<CallEntry> CallsOf(Layer layer) => layer is Input
        ? []
        : [.. uses[layer].Select(call => new CallEntry([.. call.Inputs.Select(Place)])
        {
            Masks = [.. masks.ArgumentsOf(call).Select(MaskPlace)],
            Words = call.Words,
        })];

    /// <summary>Shapes of a sample of what the first use of a layer gives.</summary>
    public IReadOnlyList<Shape> ShapesOf(Layer layer) => [.. uses[layer][0].Outputs.Select(output => output.Shape)];

    private TensorPlace? MaskPlace(Symbol? symbol) => symbol is null ? null : Place(symbol);

    private TensorPlace Place(Symbol symbol) => new(symbol.Layer.Name!, numbers[symbol.Node], symbol.Index)
    {
        Tensor = (symbol.Shape, symbol.Layer is MaskOperation ? "bool" : symbol.DataType ?? ComponentWriter.RealName),
    };
}
