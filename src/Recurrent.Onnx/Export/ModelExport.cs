using Google.Protobuf;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Onnx.Format;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Onnx.Export;

/// <summary>A model as a graph.</summary>
internal static class ModelExport
{
    /// <summary>The key under which a file holds the architecture, from which the very same model can be made again.</summary>
    public const string ArchitectureKey = "recurrent.architecture";

    /// <summary>The key that says that states of all layers are inputs and outputs.</summary>
    public const string StatesKey = "recurrent.states";

    /// <summary>What the keys begin with of parameters that no operator reads.</summary>
    public const string RestKey = "recurrent.parameter.";

    private const long IrVersion = 8;

    /// <summary>Writes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How.</param>
    /// <param name="withWeights">Whether the numbers of the parameters are written too.</param>
    /// <returns>The file, and where the numbers of parameters stand in it.</returns>
    public static (ModelProto File, IReadOnlyList<WeightBinding> Weights) Write(
        Model model, OnnxOptions options, bool withWeights = true)
    {
        if (options.Opset is < 18 or > 22)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Opset, "Opset must be from 18 to 22.");
        }

        if (!model.IsBuilt)
        {
            throw new InvalidOperationException(
                $"Model '{model.Name}' is not built: its input shape is not known. Give its first layer an inputShape.");
        }

        Network network = model.Network;
        foreach (IAdapted layer in network.Adapted)
        {
            if (layer.Missing is { } missing)
            {
                throw new InvalidOperationException($"{missing}. Only then can the model be written.");
            }
        }

        var writer = new GraphWriter(options.Opset, withWeights);
        writer.Graph.Name = model.Name ?? model.ClassName;
        var ports = new StatePorts(writer, options.States);
        Signal[] inputs = [.. network.Inputs.Select((input, i) => InputOf(writer, input, model.InputNames[i]))];
        Signal[] outputs = Network(writer, network, inputs, string.Empty, ports);
        for (int i = 0; i < outputs.Length; i++)
        {
            writer.Output(model.OutputNames[i], outputs[i].Value, ElementType.Float, Axes(network.Outputs[i].Shape, "out", i));
        }

        ports.Finish();
        var file = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "Recurrent",
            ProducerVersion = typeof(ModelExport).Assembly.GetName().Version!.ToString(3),
            Graph = writer.Graph,
        };
        file.OpsetImport.Add(new OperatorSetProto { Version = options.Opset });
        file.OpsetImport.AddRange(writer.Domains.Select(domain =>
            new OperatorSetProto { Domain = domain.Key, Version = domain.Value }));
        file.MetadataProps.Add(new EntryProto { Key = ArchitectureKey, Value = model.ToJson() });
        if (options.States)
        {
            file.MetadataProps.Add(new EntryProto { Key = StatesKey, Value = "true" });
        }

        if (withWeights)
        {
            file.MetadataProps.AddRange(Rest(network, writer.Weights).Select(rest => new EntryProto
            {
                Key = RestKey + rest.Index.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Value = Convert.ToBase64String(new WeightBinding(new(), [], [new(rest.Parameter)]).Bytes().Span),
            }));
        }

        return (file, writer.Weights);
    }

    /// <summary>The parameters that no operator reads, such as how many numbers a normalization has seen.</summary>
    public static IEnumerable<(int Index, Parameter Parameter)> Rest(Network network, IReadOnlyList<WeightBinding> weights)
    {
        HashSet<Parameter> read = [.. weights.SelectMany(binding => binding.Parameters)];
        return network.Parameters.Select((parameter, i) => (i, parameter)).Where(pair => !read.Contains(pair.parameter));
    }

    /// <summary>Writes a graph of layers.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="network">The layers.</param>
    /// <param name="inputs">What comes in.</param>
    /// <param name="prefix">What names begin with.</param>
    /// <param name="states">Gives states where they come from outside.</param>
    public static Signal[] Network(GraphWriter writer, Network network, Signal[] inputs, string prefix, StatePorts? states)
    {
        var values = new Signal[network.Values];
        inputs.CopyTo(values, 0);
        foreach (Feed feed in network.Feeds)
        {
            values[feed.Place] = inputs[feed.Input];
        }

        foreach (NetworkNode node in network.Nodes)
        {
            Signal[] given = LayerExport.Write(new(
                writer, node.Layer, prefix + node.Name, Array.ConvertAll(node.Reads, place => values[place]),
                node.OutputShapes, states));
            given.CopyTo(values, node.FirstOutput);
        }

        return Array.ConvertAll(network.OutputPlaces, place => values[place]);
    }

    private static Signal InputOf(GraphWriter writer, Symbol symbol, string name)
    {
        string? type = symbol.DataType;
        ElementType element = type switch
        {
            Recurrent.Layers.Input.Strings => ElementType.Text,
            "int32" => ElementType.Int32,
            "int64" => ElementType.Int64,
            "bool" => ElementType.Bool,
            "float64" => ElementType.Double,
            _ => ElementType.Float,
        };
        Tensor given = writer.Input(name, element, Axes(symbol.Shape, name, 0));
        return new(element is ElementType.Text or ElementType.Float ? given : given.AsNumbers(), symbol.Shape);
    }

    // The steps of a sequence are called time; other axes that are not known have names of their own.
    private static object[] Axes(Shape shape, string name, int index)
    {
        var axes = new List<object> { "batch" };
        for (int i = 0; i < shape.Rank; i++)
        {
            axes.Add(shape[i] is int length ? length
                : i == 0 && index == 0 && name != "out" ? "time"
                : FormattableString.Invariant($"{name}_{index}_axis_{i + 1}"));
        }

        return [.. axes];
    }

    /// <summary>The bytes of a file.</summary>
    public static void WriteTo(ModelProto file, Stream stream) => file.WriteTo(stream);
}
