using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Recurrent.Onnx.Format;
using Recurrent.Parameters;

namespace Recurrent.Onnx.Export;

/// <summary>Writes a graph node by node, and the graphs inside it.</summary>
/// <remarks>
/// Weights and other constants stand in the outermost graph, where inner ones see them. Numbers of parameters are moved and never
/// computed with, so that they can be taken back (<see cref="Weights"/>).
/// </remarks>
/// <param name="opset">The version of the operators.</param>
/// <param name="withWeights">Whether the numbers of parameters are written too, and not their places alone.</param>
internal sealed class GraphWriter(int opset, bool withWeights = true)
{
    private readonly Stack<GraphProto> graphs = new([new GraphProto()]);
    private readonly Dictionary<string, string> constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<WeightBinding> weights = [];
    private readonly GraphNames names = new();

    /// <summary>The version of the operators.</summary>
    public int Opset => opset;

    /// <summary>The outermost graph.</summary>
    public GraphProto Graph => graphs.Last();

    /// <summary>Where the numbers of parameters stand.</summary>
    public IReadOnlyList<WeightBinding> Weights => weights;

    /// <summary>The versions of other sets of operators that the graph uses, by their domains.</summary>
    public Dictionary<string, int> Domains { get; } = new(StringComparer.Ordinal);

    /// <summary>What names of nodes begin with: the layer that they are of.</summary>
    public string Scope { get; set; } = string.Empty;

    /// <summary>A node of one output.</summary>
    public Tensor Op(string type, params Tensor[] inputs) => Ops(type, 1, inputs)[0];

    /// <summary>A node of one output, with options.</summary>
    public Tensor Op(string type, Tensor?[] inputs, params (string Name, object Value)[] options) =>
        Ops(type, 1, inputs, options)[0];

    /// <summary>A node.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="count">Number of outputs.</param>
    /// <param name="inputs">The inputs; null stands for one that is left out.</param>
    /// <param name="options">Its attributes: numbers, texts, lists of them, or a graph.</param>
    public Tensor[] Ops(string type, int count, Tensor?[] inputs, params (string Name, object Value)[] options)
    {
        string name = NewName(type);
        var node = new NodeProto { Name = name, OpType = type };

        // What is left out at the end is not named at all.
        int last = Array.FindLastIndex(inputs, input => input is not null);
        node.Input.AddRange(inputs.Take(last + 1).Select(input => input?.Name ?? string.Empty));
        string[] outputs = count == 1
            ? [name]
            : [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}:{i}"))];
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(options.Select(option => Attribute(option.Name, option.Value)));
        graphs.Peek().Node.Add(node);
        return [.. outputs.Select(output => new Tensor(this, output))];
    }

    /// <inheritdoc cref="Ops(string, int, Tensor?[], ValueTuple{string, object}[])"/>
    private Tensor[] Ops(string type, int count, Tensor[] inputs) =>
        Ops(type, count, [.. inputs.Select(input => (Tensor?)input)], []);

    /// <summary>A node of the operators for machine learning, ai.onnx.ml.</summary>
    public Tensor Learning(string type, Tensor input, params (string Name, object Value)[] options)
    {
        const string Domain = "ai.onnx.ml";
        Domains[Domain] = 3;
        Tensor output = Op(type, [input], options);
        graphs.Peek().Node[^1].Domain = Domain;
        return output;
    }

    /// <summary>One number.</summary>
    public Tensor Number(double value) => Numbers([], (float)value);

    /// <summary>Several numbers.</summary>
    public Tensor Numbers(long[] shape, params float[] values) =>
        Constant(ElementType.Float, shape, MemoryMarshal.AsBytes<float>(values));

    /// <summary>A list of integers.</summary>
    public Tensor Integers(params long[] values) => IntegersOf([values.Length], values);

    /// <summary>Integers of some shape.</summary>
    public Tensor IntegersOf(long[] shape, params long[] values) =>
        Constant(ElementType.Int64, shape, MemoryMarshal.AsBytes<long>(values));

    /// <summary>A parameter as it is.</summary>
    public Tensor Weight(Parameter parameter) => Weight(
        parameter.Name, [.. parameter.Shape.Select(length => (long)length)], new WeightPart(parameter));

    /// <summary>Weights made of numbers of parameters in another order.</summary>
    /// <param name="name">What they are called, behind their layer.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="parts">What they are made of, one behind the other.</param>
    public Tensor Weight(string name, long[] shape, params WeightPart[] parts)
    {
        WeightBinding? same = weights.Find(other => other.IsOf(shape, parts));
        if (same is not null)
        {
            return new(this, same.Tensor.Name);
        }

        var tensor = new TensorProto { Name = NewName(name, plain: true), DataType = (int)ElementType.Float };
        tensor.Dims.AddRange(shape);
        var binding = new WeightBinding(tensor, shape, parts);
        tensor.RawData = withWeights ? binding.Bytes() : ByteString.Empty;
        weights.Add(binding);
        Graph.Initializer.Add(tensor);
        return new(this, tensor.Name);
    }

    /// <summary>An input of the model.</summary>
    public Tensor Input(string name, ElementType type, params object[] axes)
    {
        string own = NewName(name, plain: true, scoped: false);
        Graph.Input.Add(Described(own, type, axes));
        return new(this, own);
    }

    /// <summary>An output of the model.</summary>
    public void Output(string name, Tensor value, ElementType type, params object[] axes)
    {
        Scope = string.Empty;
        string own = NewName(name, plain: true, scoped: false);
        var node = new NodeProto { Name = $"{own}/output", OpType = "Identity" };
        node.Input.Add(value.Name);
        node.Output.Add(own);
        Graph.Node.Add(node);
        Graph.Output.Add(Described(own, type, axes));
    }

    /// <summary>A graph inside a node.</summary>
    /// <param name="inputs">The types of its inputs.</param>
    /// <param name="write">Writes it: from its inputs to its outputs.</param>
    public GraphProto Inner(ElementType[] inputs, Func<Tensor[], IReadOnlyList<(Tensor Value, ElementType Type)>> write)
    {
        var graph = new GraphProto { Name = NewName("body") };
        graphs.Push(graph);
        Tensor[] values = new Tensor[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            string name = NewName("in");
            graph.Input.Add(new ValueProto
            {
                Name = name,
                Type = new() { TensorType = new() { ElemType = (int)inputs[i] } },
            });
            values[i] = new(this, name);
        }

        foreach ((Tensor value, ElementType type) in write(values))
        {
            // What is given must be computed inside.
            Tensor given = Op("Identity", value);
            graph.Output.Add(new ValueProto
            {
                Name = given.Name,
                Type = new() { TensorType = new() { ElemType = (int)type } },
            });
        }

        return graphs.Pop();
    }

    private static ValueProto Described(string name, ElementType type, object[] axes)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new() };
        foreach (object axis in axes)
        {
            tensor.Shape.Dim.Add(axis is string symbol
                ? new ShapeProto.Types.Dimension { DimParam = symbol }
                : new ShapeProto.Types.Dimension { DimValue = (int)axis });
        }

        return new() { Name = name, Type = new() { TensorType = tensor } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long number:
                attribute.I = number;
                attribute.Type = AttributeProto.Types.Kind.Int;
                break;
            case double number:
                attribute.F = (float)number;
                attribute.Type = AttributeProto.Types.Kind.Float;
                break;
            case string text:
                attribute.S = ByteString.CopyFromUtf8(text);
                attribute.Type = AttributeProto.Types.Kind.String;
                break;
            case long[] list:
                attribute.Ints.AddRange(list);
                attribute.Type = AttributeProto.Types.Kind.Ints;
                break;
            case float[] list:
                attribute.Floats.AddRange(list);
                attribute.Type = AttributeProto.Types.Kind.Floats;
                break;
            case string[] list:
                attribute.Strings.AddRange(list.Select(ByteString.CopyFromUtf8));
                attribute.Type = AttributeProto.Types.Kind.Strings;
                break;
            case GraphProto graph:
                attribute.G = graph;
                attribute.Type = AttributeProto.Types.Kind.Graph;
                break;
            default:
                throw new ArgumentException($"No attribute holds a {value.GetType()}.", nameof(value));
        }

        return attribute;
    }

    private Tensor Constant(ElementType type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        string key = string.Create(CultureInfo.InvariantCulture,
            $"{type} {string.Join(',', shape)} {Convert.ToBase64String(bytes)}");
        if (!constants.TryGetValue(key, out string? name))
        {
            name = NewName("const", scoped: false);
            constants.Add(key, name);
            var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
            tensor.Dims.AddRange(shape);
            Graph.Initializer.Add(tensor);
        }

        return new(this, name);
    }

    private string NewName(string what, bool plain = false, bool scoped = true)
    {
        string stem = scoped && Scope.Length > 0 ? $"{Scope}/{what}" : what;
        if (plain)
        {
            return names.Take(stem);
        }

        int number = numbers.GetValueOrDefault(stem);
        numbers[stem] = number + 1;
        return names.Take(string.Create(CultureInfo.InvariantCulture, $"{stem}_{number}"));
    }
}

/// <summary>Names of which each is given once.</summary>
internal sealed class GraphNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>The name, or one like it that nobody has.</summary>
    public string Take(string name)
    {
        string free = name;
        for (int i = 1; !taken.Add(free); i++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name}__{i}");
        }

        return free;
    }
}
