using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// The masks of a graph as Keras computes and writes them: from a <see cref="Masking"/> or an <see cref="Embedding"/> on,
/// through the layers that pass them on, to the calls that take one as an argument.
/// </summary>
internal sealed class MaskGraph
{
    private readonly Dictionary<Symbol, Symbol> masks = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Node> noted = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the masks of a graph.</summary>
    /// <param name="nodes">Its nodes, each after those that it reads.</param>
    public MaskGraph(IEnumerable<Node> nodes)
    {
        foreach (Node node in nodes)
        {
            Add(node);
        }
    }

    /// <summary>Whether nothing is masked.</summary>
    public bool IsEmpty => masks.Count == 0;

    /// <summary>The masks of what a call reads, one for each input.</summary>
    public IReadOnlyList<Symbol?> MasksOf(Node node) => [.. node.Inputs.Select(input => masks.GetValueOrDefault(input))];

    /// <summary>
    /// The masks that Keras notes as an argument of a call, one for each input; none where it has no such argument.
    /// </summary>
    public IReadOnlyList<Symbol?> ArgumentsOf(Node node) => noted.Contains(node) ? MasksOf(node) : [];

    /// <summary>What a call reads, with the masks behind.</summary>
    public IReadOnlyList<Symbol> InputsOf(Node node) =>
        ArgumentsOf(node) is { Count: > 0 } own ? [.. node.InputsInOrder, .. own.OfType<Symbol>()] : node.InputsInOrder;

    private void Add(Node node)
    {
        if (node.Layer.CallForm.TakesMask(node.Inputs.Count))
        {
            noted.Add(node);
        }

        if (PassedOn(node, [.. MasksOf(node)]) is { } mask)
        {
            masks.Add(node.Outputs[0], mask);
        }
    }

    /// <summary>The mask of the (first) output, by the rules of Keras's layers; null for none.</summary>
    private static Symbol? PassedOn(Node node, Symbol?[] given) => node.Layer switch
    {
        Masking masking => Any(Operation(
            "NotEqual", [], node.Inputs, (double)masking.GetConfig().First(entry => entry.Key == "mask_value").Value!)),
        Embedding embedding => embedding.MaskZero ? Operation("NotEqual", [], node.Inputs, 0L) : null,
        Concatenate => Concatenated(node, given),
        Dot => null,
        Merge => Array.Exists(given, mask => mask is null)
            ? null
            : given.Skip(1).Aggregate(given[0], (all, mask) => Operation("LogicalOr", [], [all!, mask!])),
        Attention or AdditiveAttention => given[0] is { } query
            ? Operation("ConvertToTensor", new() { { "dtype", null }, { "sparse", null }, { "ragged", null } }, [query])
            : null,
        RecurrentLayer layer => layer.ReturnSequences ? given[0] : null,
        Bidirectional layer => layer.ReturnSequences ? given[0] : null,
        { IsModel: true } => null,
        _ => PassesOn(node.Layer) ? given[0] : null,
    };

    /// <summary>The layers that work on each step by itself and hand on the mask of their (first) input.</summary>
    private static bool PassesOn(Layer layer) => layer.ClassName is "Activation" or "ActivityRegularization" or "AlphaDropout"
        or "BatchNormalization" or "Dense" or "Dropout" or "ELU" or "GaussianDropout" or "GaussianNoise" or "GroupNormalization"
        or "GroupedQueryAttention" or "Identity" or "LayerNormalization" or "LeakyReLU" or "MultiHeadAttention" or "Normalization"
        or "PReLU"
        or "ReLU" or "Rescaling" or "Softmax" or "SpatialDropout1D" or "TimeDistributed" or "UnitNormalization";

    private static Symbol? Concatenated(Node node, Symbol?[] given)
    {
        if (Array.TrueForAll(given, mask => mask is null))
        {
            return null;
        }

        Symbol[] parts = [.. node.Inputs.Zip(given, (input, mask) => mask switch
        {
            null => Operation("OnesLike", new() { { "dtype", "bool" } }, [input]),
            _ when mask.Shape.Rank < input.Shape.Rank => Operation("LogicalOr", [],
            [
                Operation("ExpandDims", new() { { "axis", -1L } }, [mask]),
                Operation("ZerosLike", new() { { "dtype", "bool" } }, [input]),
            ]),
            _ => mask,
        })];
        object axis = node.Layer.GetConfig().First(entry => entry.Key == "axis").Value!;
        return Any(Operation("Concatenate", new() { { "axis", Convert.ToInt64(axis, null) } }, parts));
    }

    private static Symbol Any(Symbol values) => Operation("Any", new() { { "axis", -1L }, { "keepdims", false } }, [values]);

    private static Symbol Operation(string kind, Config options, IReadOnlyList<Symbol> inputs, object? constant = null)
    {
        var operation = new MaskOperation(kind, options) { Constant = constant };
        var node = new Node(operation, inputs);
        operation.AddUse(node);
        return node.Outputs[0];
    }
}
