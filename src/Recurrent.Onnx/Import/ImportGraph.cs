using System.Globalization;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>The nodes of a graph in an order in which each finds its inputs.</summary>
internal sealed class ImportGraph
{
    private readonly Dictionary<string, NodeProto> producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeProto, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, KnownValue> constants = new(StringComparer.Ordinal);

    /// <summary>Takes a graph.</summary>
    /// <exception cref="ModelFormatException">It is none: names are given twice, or nodes wait for one another.</exception>
    public ImportGraph(GraphProto graph)
    {
        Graph = graph;
        for (int i = 0; i < graph.Node.Count; i++)
        {
            numbers.Add(graph.Node[i], i);
        }

        foreach (TensorProto tensor in graph.Initializer)
        {
            Tensors[tensor.Name] = tensor;
        }

        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output.Where(name => name.Length > 0))
            {
                if (!producers.TryAdd(output, node))
                {
                    throw Fail(node, $"The value '{output}' is given by two nodes");
                }
            }
        }

        Link(graph.Node);
        Nodes = Sorted(graph);
    }

    /// <summary>The graph.</summary>
    public GraphProto Graph { get; }

    /// <summary>The stored tensors by their names.</summary>
    public Dictionary<string, TensorProto> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The nodes that outputs depend on, in order.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>The node that gives a value; null where none does.</summary>
    public NodeProto? ProducerOf(string name) => producers.GetValueOrDefault(name);

    /// <summary>The nodes that read a value.</summary>
    public IReadOnlyList<NodeProto> ConsumersOf(string name) => consumers.GetValueOrDefault(name) ?? [];

    /// <summary>Whether one node reads a value, and no output is it.</summary>
    public bool HasOneReader(string name) => ConsumersOf(name).Count == 1 && !IsOutput(name);

    /// <summary>Whether a value is an output.</summary>
    public bool IsOutput(string name) => Graph.Output.Any(output => output.Name == name);

    /// <summary>A stored tensor, or what a node Constant holds; null where it is neither.</summary>
    public KnownValue? Constant(string name)
    {
        if (constants.TryGetValue(name, out KnownValue? known))
        {
            return known;
        }

        KnownValue? value = Tensors.TryGetValue(name, out TensorProto? tensor) ? Known(tensor, $"graph.initializer '{name}'")
            : ProducerOf(name) is { OpType: "Constant" } node ? ConstantOf(node)
            : ProducerOf(name) is { OpType: "Identity", Input.Count: 1 } same && same.Input[0] != name
                && Tensors.TryGetValue(same.Input[0], out tensor) ? Known(tensor, $"graph.initializer '{same.Input[0]}'")
            : null;
        if (value is not null)
        {
            constants.Add(name, value);
        }

        return value;
    }

    /// <summary>What is wrong with a node.</summary>
    public ModelFormatException Fail(NodeProto node, string problem, Exception? cause = null) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"graph.node[{numbers.GetValueOrDefault(node, -1)}] '{node.Name}' ({node.OpType})"),
        problem.EndsWith('.') ? problem : problem + ".", cause);

    /// <summary>The numbers of a tensor.</summary>
    public static KnownValue Known(TensorProto tensor, string path) => (Export.ElementType)tensor.DataType is
        Export.ElementType.Float or Export.ElementType.Double or Export.ElementType.Half
            ? new([.. tensor.Dims], TensorData.Floats(tensor, path), null)
            : new([.. tensor.Dims], null, TensorData.Integers(tensor, path));

    private KnownValue ConstantOf(NodeProto node)
    {
        AttributeProto? value = node.Attribute.FirstOrDefault();
        return value switch
        {
            { Name: "value", T: not null } => Known(value.T, $"graph.node '{node.Name}'.value"),
            { Name: "value_int" } => new([], null, [value.I]),
            { Name: "value_float" } => new([], [value.F], null),
            { Name: "value_ints" } => new([value.Ints.Count], null, [.. value.Ints]),
            { Name: "value_floats" } => new([value.Floats.Count], [.. value.Floats], null),
            _ => throw Fail(node, "This constant holds no numbers"),
        };
    }

    private void Link(IEnumerable<NodeProto> nodes)
    {
        foreach (NodeProto node in nodes)
        {
            foreach (string input in node.Input.Where(name => name.Length > 0).Distinct())
            {
                if (!consumers.TryGetValue(input, out List<NodeProto>? readers))
                {
                    consumers.Add(input, readers = []);
                }

                readers.Add(node);
            }
        }
    }

    private List<NodeProto> Sorted(GraphProto graph)
    {
        var needed = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>(graph.Output.Select(output => output.Name));
        while (open.TryPop(out string? name))
        {
            if (ProducerOf(name) is { } node && needed.Add(node))
            {
                foreach (string input in node.Input)
                {
                    open.Push(input);
                }
            }
        }

        var order = new List<NodeProto>();
        var waiting = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        var ready = new PriorityQueue<NodeProto, int>();
        foreach (NodeProto node in needed)
        {
            int count = node.Input.Where(name => name.Length > 0).Distinct().Count(name => ProducerOf(name) is not null);
            waiting.Add(node, count);
            if (count == 0)
            {
                ready.Enqueue(node, numbers[node]);
            }
        }

        while (ready.TryDequeue(out NodeProto? node, out _))
        {
            order.Add(node);
            foreach (NodeProto next in node.Output.Where(name => name.Length > 0).SelectMany(ConsumersOf))
            {
                if (waiting.TryGetValue(next, out int count))
                {
                    // A node may read several outputs of another one.
                    waiting[next] = --count;
                    if (count == 0)
                    {
                        ready.Enqueue(next, numbers[next]);
                    }
                }
            }
        }

        return order.Count == needed.Count ? order : throw Fail(needed.First(node => waiting[node] > 0),
            "The node waits for its own output: the graph goes round in a circle");
    }
}

/// <summary>The attributes of nodes.</summary>
internal static class NodeAttributes
{
    /// <summary>An attribute, or null.</summary>
    public static AttributeProto? Find(this NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    /// <summary>A whole number.</summary>
    public static long Int(this NodeProto node, string name, long fallback) => node.Find(name) is { HasI: true } own ? own.I
        : fallback;

    /// <summary>A number.</summary>
    public static double Float(this NodeProto node, string name, double fallback) =>
        node.Find(name) is { HasF: true } own ? own.F : fallback;

    /// <summary>A text.</summary>
    public static string Text(this NodeProto node, string name, string fallback) =>
        node.Find(name) is { HasS: true } own ? own.S.ToStringUtf8() : fallback;

    /// <summary>Whole numbers, or null.</summary>
    public static long[]? Ints(this NodeProto node, string name) => node.Find(name) is { } own ? [.. own.Ints] : null;

    /// <summary>The name of an input; empty where it is left out.</summary>
    public static string In(this NodeProto node, int index) => index < node.Input.Count ? node.Input[index] : string.Empty;
}
