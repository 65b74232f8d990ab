using System.Globalization;
using System.Text;
using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Onnx.Export;
using Recurrent.Onnx.Format;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Shapes;

namespace Recurrent.Onnx.Import;

/// <summary>Makes layers of the nodes of a graph.</summary>
/// <remarks>
/// A value is one of four kinds: known numbers, whole numbers that depend on lengths of axes, one number over and over (such
/// as zero states), or what a layer gives. Arithmetic of the first three is done at once, so that shapes that a graph
/// computes are nothing but its axes in another order. The batch stands first in the model, wherever it stands in the graph.
/// </remarks>
internal sealed partial class Importer
{
    private readonly ImportGraph graph;
    private readonly ImportHints hints;
    private readonly SizeBudget budget;
    private readonly int mostLayers;
    private readonly Dictionary<string, ImportValue> values = new(StringComparer.Ordinal);
    private readonly List<(NodeProto Node, Layer Layer, NDArray[] Weights)> weights = [];
    private readonly Dictionary<string, int> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(Symbol, string), Symbol> arranged = [];
    private readonly Atom batch = new(null, "batch");
    private int layers;

    private Importer(ImportGraph graph, ImportHints hints, SizeBudget budget, int mostLayers)
    {
        this.graph = graph;
        this.hints = hints;
        this.budget = budget;
        this.mostLayers = mostLayers;
    }

    private delegate ImportValue[] Rule(NodeProto node);

    /// <summary>Makes a model.</summary>
    /// <exception cref="ModelFormatException">There is none; the message names the node that is in the way.</exception>
    public static Model Create(ModelProto file, ReadLimits limits)
    {
        // A weight is copied where it is turned, cut or scaled, and once more into its layer; what a graph makes of its weights
        // beyond that, by using them over and over, is held to the limit.
        long size = file.CalculateSize();
        long most = limits.MaxParameters > long.MaxValue - size ? long.MaxValue : limits.MaxParameters + size;
        var prepared = new ImportGraph(Fusion.Apply(file.Graph));
        var hints = new ImportHints();

        // Each time it begins anew it knows one axis more.
        for (int attempt = 0; attempt < 64; attempt++)
        {
            var importer = new Importer(
                prepared, hints, new SizeBudget(most, "If you trust it, raise ReadLimits.MaxParameters"), limits.MaxLayers);
            try
            {
                return importer.Run();
            }
            catch (RestartException restart)
            {
                if (!hints.Learn(restart))
                {
                    break;
                }
            }
        }

        throw new ModelFormatException("graph",
            "It cannot be told which axis is that of the samples. Export the model with dynamic_axes that call it 'batch'.");
    }

    private Model Run()
    {
        Symbols inputs = Inputs();
        foreach (NodeProto node in graph.Nodes)
        {
            Guarded(node, () =>
            {
                ImportValue[] outputs = RuleOf(node)(node);
                for (int i = 0; i < Math.Min(outputs.Length, node.Output.Count); i++)
                {
                    if (node.Output[i].Length > 0)
                    {
                        values[node.Output[i]] = outputs[i];
                    }
                }
            });
        }

        Symbol[] given = [.. graph.Graph.Output.Select(OutputOf)];
        if (given.Length == 0)
        {
            throw new ModelFormatException("graph.output", "The graph has no output.");
        }

        return Built(inputs, given);
    }

    private Model Built(Symbols inputs, Symbol[] given)
    {
        try
        {
            Symbols used = [.. inputs.Where(input => IsUsed(input, given))];
            string name = graph.Graph.Name.Length > 0 ? Readable(graph.Graph.Name) : "functional";
            var model = new Model(used, given, name, seed: 0, trainable: true);
            model.BuildGraph(0, new GraphWeights(model, weights, budget, graph.Fail));
            return model;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or OverflowException
            or NotSupportedException)
        {
            throw new ModelFormatException("graph", $"No model can be made of it: {exception.Message}", exception);
        }
    }

    private static bool IsUsed(Symbol input, Symbol[] outputs)
    {
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var open = new Stack<Symbol>(outputs);
        while (open.TryPop(out Symbol? symbol))
        {
            if (ReferenceEquals(symbol, input))
            {
                return true;
            }

            if (seen.Add(symbol.Node))
            {
                foreach (Symbol read in symbol.Node.Inputs)
                {
                    open.Push(read);
                }
            }
        }

        return false;
    }

    private Symbols Inputs()
    {
        var symbols = new List<Symbol>();
        foreach (ValueProto input in graph.Graph.Input)
        {
            if (graph.Tensors.ContainsKey(input.Name))
            {
                continue;
            }

            string path = $"graph.input '{Readable(input.Name)}'";
            TypeProto.Types.Tensor tensor = input.Type?.TensorType is { Shape: not null } own ? own
                : throw new ModelFormatException(path, "The shape of the input is not said.");
            ShapeProto.Types.Dimension[] dims = [.. tensor.Shape.Dim];
            int samples = hints.BatchAxisOf(input.Name, dims);
            if (dims.Length is 0 or > 8)
            {
                throw new ModelFormatException(path, "An input has from 1 to 8 axes.");
            }

            if (samples < dims.Length && dims[samples].DimValue is > 0 and <= int.MaxValue)
            {
                // A graph for batches of one size has that size in the shapes that it asks for.
                batch.Fix((int)dims[samples].DimValue);
            }

            Atom[][] axes = [.. dims.Select((dim, i) => i == samples ? [batch]
                : AxesOf(input.Name, dim, i, dims.Length, samples, path))];
            Atom[] sample = [.. axes.SelectMany(axis => axis).Where(axis => axis != batch)];
            for (int i = 0; i < dims.Length; i++)
            {
                axes[i].ToList().ForEach(axis => hints.Note(axis, input.Name, i));
            }

            string type = (ElementType)tensor.ElemType switch
            {
                ElementType.Int64 => "int64",
                ElementType.Int32 => "int32",
                ElementType.Float or ElementType.Double or ElementType.Half => "float32",
                var other => throw new ModelFormatException(path, $"An input of {TensorData.Name(other)} is not read here."),
            };
            Shape shape = sample.Length == 0 ? new(1) : new([.. sample.Select(axis => axis.Length)]);
            var layer = new Input(shape, dtype: type, name: NameOf(input.Name, "input"));
            symbols.Add(layer.Output);
            values[input.Name] = new View(
                new LayerSource(layer.Output, sample.Length == 0 ? [new Atom(1, "feature")] : sample), axes);
        }

        return symbols.Count > 0 ? Symbols.Create([.. symbols])
            : throw new ModelFormatException("graph.input", "The graph has no input.");
    }

    private static Atom[] AxesOf(
        string name, ShapeProto.Types.Dimension dim, int index, int count, int samples, string path)
    {
        if (dim.ValueCase != ShapeProto.Types.Dimension.ValueOneofCase.DimValue)
        {
            return [new Atom(null, $"{name}[{index}]")];
        }

        if (dim.DimValue is < 1 or > int.MaxValue)
        {
            return dim.DimValue is 0 or -1 ? [new Atom(null, $"{name}[{index}]")]
                : throw new ModelFormatException(path,
                    string.Create(CultureInfo.InvariantCulture, $"An axis of length {dim.DimValue} is none."));
        }

        // States come with an axis of layers and directions in front of the samples.
        return dim.DimValue == 1 && index < samples && count > 1 ? [] : [new Atom((int)dim.DimValue, $"{name}[{index}]")];
    }

    private Symbol OutputOf(ValueProto output)
    {
        if (!values.TryGetValue(output.Name, out ImportValue? value) || value is not View view)
        {
            throw new ModelFormatException($"graph.output '{Readable(output.Name)}'",
                "No layer gives this output: it is computed of known numbers and lengths alone.");
        }

        // Axes of length 1 in front of that of the samples are those of layers and directions.
        int samples = Array.FindIndex(view.Dims, dim => dim.Contains(batch));
        Atom[][] axes = [.. view.Dims.Select((dim, i) => (Leaves: View.LeavesOf(dim).Where(leaf => leaf != batch).ToArray(), i))
            .Where(dim => dim.Leaves.Length > 0 || dim.i > samples).Select(dim => dim.Leaves)];
        NodeProto node = graph.ProducerOf(output.Name) ?? new NodeProto { OpType = "Identity", Name = output.Name };
        Symbol? symbol = null;
        Guarded(node, () => symbol = As(view, axes.Length == 0 ? [[]] : axes, node));
        return symbol!.Layer is Input ? Call(node, new Identity(name: NameOf(output.Name, "identity")), symbol!) : symbol!;
    }

    private Rule RuleOf(NodeProto node) => node.Domain is "" or "ai.onnx" or Fusion.Domain
        ? rules.GetValueOrDefault(node.OpType.Split(':')[0]) ?? throw graph.Fail(node,
            $"The operator '{Readable(node.OpType)}' is none that can be read here. docs/interop.md lists those that can")
        : throw graph.Fail(node, $"Operators of the domain '{Readable(node.Domain)}' cannot be read here");

    // What a layer says of what it cannot take becomes a message about the node.
    private void Guarded(NodeProto node, Action action)
    {
        try
        {
            action();
        }
        catch (ModelFormatException)
        {
            throw;
        }
        catch (Exception exception) when (exception is not (RestartException or OutOfMemoryException))
        {
            throw graph.Fail(node, $"No layer can be made of it: {exception.Message}", exception);
        }
    }

    /// <summary>Uses a layer.</summary>
    private Symbol Call(NodeProto node, Layer layer, params Symbol[] inputs) => CallAll(node, layer, inputs)[0];

    private Symbols CallAll(NodeProto node, Layer layer, params Symbol[] inputs)
    {
        if (++layers > mostLayers)
        {
            throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture,
                $"The graph makes more than {mostLayers} layers, the most that ReadLimits.MaxLayers allows"));
        }

        return layer.Call(Symbols.Create(inputs));
    }

    /// <summary>Uses a layer that has weights.</summary>
    private Symbol Call(NodeProto node, Layer layer, NDArray[] own, params Symbol[] inputs)
    {
        weights.Add((node, layer, own));
        return Call(node, layer, inputs);
    }

    /// <summary>The name of the layer that a node becomes: what exporters put before the operator.</summary>
    private string NameOf(NodeProto node)
    {
        string[] parts = node.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return NameOf(parts.Length > 1 ? parts[^2] : string.Empty, node.OpType);
    }

    private string NameOf(string wish, string otherwise)
    {
        var text = new StringBuilder();
        foreach (char letter in (wish.Length > 0 ? wish : otherwise).Take(60))
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' ? letter : '_');
        }

        string stem = text.ToString().Trim('_', '.');
        stem = stem.Length == 0 ? "layer" : stem.ToLowerInvariant();
        int number = names.GetValueOrDefault(stem);
        names[stem] = number + 1;
        string name = number == 0 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}_{number}");
        return number == 0 || names.TryAdd(name, 1) ? name : NameOf(wish, otherwise);
    }

    private static string Readable(string text) => ReadableText.Escape(text, keepLines: false);

    private ImportValue In(NodeProto node, int index)
    {
        string name = node.In(index);
        if (name.Length == 0)
        {
            throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture, $"Input {index} is left out"));
        }

        if (!values.TryGetValue(name, out ImportValue? value))
        {
            value = graph.Constant(name)
                ?? throw graph.Fail(node, $"Nothing gives the value '{Readable(name)}'");
            values.Add(name, value);
        }

        return value;
    }

    private static bool Has(NodeProto node, int index) => node.In(index).Length > 0;

    private View ViewIn(NodeProto node, int index) => In(node, index) as View
        ?? throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture,
            $"Input {index} is no output of a layer, but computed of known numbers alone"));

    private KnownValue KnownIn(NodeProto node, int index, string what) => TryKnown(In(node, index))
        ?? throw graph.Fail(node, $"The {what} (input {index}) must be known numbers, and not computed by the model");

    private long[] IntegersIn(NodeProto node, int index, string what) => KnownIn(node, index, what) is { Integers: { } own } ? own
        : throw graph.Fail(node, $"The {what} (input {index}) must be whole numbers");

    private static KnownValue? TryKnown(ImportValue value) => value switch
    {
        KnownValue known => known,
        LengthsValue lengths when lengths.Items.All(item => item?.Number is not null) =>
            new(lengths.IsScalar ? []
                : [lengths.Items.Length], null, [.. lengths.Items.Select(item => item!.Value.Number!.Value)]),
        _ => null,
    };

    private void Take(NodeProto node, long numbers) => budget.Take($"The node '{Readable(node.Name)}'", numbers);

    private int AxisOf(NodeProto node, long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture, $"There is no axis {axis} among {rank}"));

    private static ActivationFunction? Named(string name) => ActivationNames.Registry.Create(name);
}

/// <summary>What an import has learnt about axes of inputs, when it begins anew.</summary>
internal sealed class ImportHints
{
    private readonly Dictionary<Atom, (string Input, int Axis)> places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> batches = new(StringComparer.Ordinal);

    /// <summary>The recurrent nodes of which all steps are asked for, by the names of their outputs.</summary>
    public HashSet<string> WholeSequences { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes where an axis comes from.</summary>
    public void Note(Atom axis, string input, int index) => places[axis] = (input, index);

    /// <summary>Learns that an axis is that of the samples, or that all steps of a node are needed.</summary>
    /// <returns>False where that was known already, or nothing can be learnt of it.</returns>
    public bool Learn(RestartException restart) => restart.Output is { } output ? WholeSequences.Add(output)
        : places.TryGetValue(restart.Axis!, out (string Input, int Axis) place) && batches.TryAdd(place.Input, place.Axis);

    /// <summary>Which axis of an input is that of the samples.</summary>
    public int BatchAxisOf(string input, ShapeProto.Types.Dimension[] dims)
    {
        if (batches.TryGetValue(input, out int known))
        {
            return known;
        }

        int named = Array.FindIndex(dims, dim => dim.DimParam.Contains("batch", StringComparison.OrdinalIgnoreCase)
            || dim.DimParam is "N" or "B" or "b" or "n");
        int open = Array.FindIndex(dims, dim => dim.ValueCase != ShapeProto.Types.Dimension.ValueOneofCase.DimValue);
        int openCount = dims.Count(dim => dim.ValueCase != ShapeProto.Types.Dimension.ValueOneofCase.DimValue);
        return named >= 0 ? named : openCount == 1 && open >= 0 ? open : 0;
    }
}
