using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Serialization;
using Recurrent.Shapes;

namespace Recurrent.Models;

/// <content>Functional models: what lies between symbols, which may wait to be built.</content>
public partial class Model
{
    private readonly Graph? graph;

    // What the file of a graph calls the operations that compute masks in Keras; null where it is from none.
    private IReadOnlyList<string>? maskNames;

    // Inputs and outputs as that file has them.
    private GraphEnds? readEnds;

    /// <summary>A graph whose layers are not built yet.</summary>
    internal Model(Symbols inputs, Symbols outputs, string name, int seed, bool trainable)
        : this(name, seed)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        Trainable = trainable;
        IReadOnlyList<Node> calls = GraphOrder.Between(inputs, outputs);
        graph = new(inputs, outputs, calls, new GraphAssembly(Name, inputs, calls));
        layers.AddRange(graph.Assembly.Layers);
        Input = inputs.Count == 1 ? (Input)inputs[0].Layer : null;
    }

    /// <summary>What the layers of a graph read; null where the layers stand in a row.</summary>
    internal GraphDescription? Connections => graph is null ? null : new(graph.Inputs, graph.Outputs, maskNames, readEnds);

    /// <summary>The uses of layers of a graph, inputs aside.</summary>
    internal IReadOnlyList<Node> GraphCalls => graph?.Calls ?? [];

    /// <summary>The layer that is being built, or that was built last, for messages.</summary>
    internal Layer? BuiltLast => graph?.Assembly.Current;

    /// <summary>Builds the layers of a graph that are not built yet.</summary>
    internal void BuildGraph(ulong seed, IParameterSource? source)
    {
        if (graph is not null && network is null)
        {
            graph.Assembly.Assemble(index => SeededRandom.Key(seed, (ulong)index), source);
            network = Network.Between(graph.Inputs, graph.Outputs);
        }
    }

    /// <summary>
    /// Holds the masks of a document to those that travel through the graph, and keeps the names that it has for them.
    /// </summary>
    /// <exception cref="ModelFormatException">They are others.</exception>
    internal void TakeMaskNames(Architecture architecture)
    {
        readEnds = architecture.Ends;
        var operations = architecture.Operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
        GraphDescription own = Connections!;
        var inputs = own.Operations.ToDictionary(
            operation => operation.Name!, operation => (operation, own.CallsOf(operation)[0].Inputs), StringComparer.Ordinal);
        Dictionary<string, Layer> byName = own.Layers.ToDictionary(layer => layer.Name!, StringComparer.Ordinal);
        var match = new MaskMatch(operations);
        foreach (LayerEntry entry in architecture.Layers)
        {
            Layer layer = byName[entry.Name];
            foreach ((CallEntry read, CallEntry follows) in entry.Calls.Zip(own.CallsOf(layer)))
            {
                match.Require(layer.Introduction, read, follows.Masks, inputs);
            }
        }

        string?[] names = [.. own.Operations.Select(operation => match.NameOf(operation.Name!))];
        if (architecture.Operations.FirstOrDefault(operation => !names.Contains(operation.Name)) is { } unused)
        {
            throw new ModelFormatException(unused.Path, $"'{unused.Name}' ({unused.ClassName}) is used by no call.");
        }

        string[] known = [.. names.OfType<string>().Distinct()];
        maskNames = known.Length == names.Length && known.Length > 0 ? known : null;
    }

    /// <summary>What a functional model is made of, whether its layers are built yet or not.</summary>
    private sealed record Graph(Symbols Inputs, Symbols Outputs, IReadOnlyList<Node> Calls, GraphAssembly Assembly)
    {
        public IReadOnlyList<Shape> InferShapes(IReadOnlyList<Shape> inputs) => Assembly.InferShapes(inputs, Outputs);
    }
}
