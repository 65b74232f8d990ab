using Recurrent.Layers;

namespace Recurrent.Serialization;

/// <summary>
/// Reads what Keras computes beside the layers of a graph. Of that, masks are read, which are arguments of calls there and
/// travel with the batches here; anything else is refused.
/// </summary>
internal static class OperationReader
{
    private static readonly string[] OfMasks =
        ["NotEqual", "Any", "LogicalOr", "ExpandDims", "ZerosLike", "OnesLike", "Concatenate", "ConvertToTensor"];

    /// <summary>Whether an entry among the layers of a graph is no layer.</summary>
    public static bool IsOperation(JsonNode item) =>
        item.Optional("module")?.Value is string module && module.StartsWith("keras.src.ops.", StringComparison.Ordinal);

    /// <summary>Reads an operation.</summary>
    /// <exception cref="ModelFormatException">It is none of those that compute masks.</exception>
    public static OperationEntry Read(JsonNode item)
    {
        item.Allow(
            "module", "class_name", "config", "registered_name", "build_config", "name", "inbound_nodes", ReadContext.SharedKey);
        string name = item["name"].Text();
        string kind = item["class_name"].Text();
        if (!OfMasks.Contains(kind))
        {
            throw item["class_name"].Fail(Refusal(name, kind));
        }

        IReadOnlyList<JsonNode> nodes = item["inbound_nodes"].Items;
        if (nodes.Count != 1)
        {
            throw item["inbound_nodes"].Fail($"'{name}' ({kind}) is used {nodes.Count} times, and an operation is used once.");
        }

        nodes[0].Allow("args", "kwargs");
        if (nodes[0].Optional("kwargs") is { Entries.Count: > 0 } keywords)
        {
            throw keywords.Fail($"'{name}' ({kind}) is called with arguments by name, which no operation on masks has.");
        }

        var arguments = new List<object?>();
        foreach (JsonNode argument in nodes[0]["args"].Items)
        {
            Add(argument, arguments, name);
        }

        var options = item["config"].Entries.Where(entry => entry.Key != "name").ToDictionary(StringComparer.Ordinal);
        return new(name, kind, options, arguments) { Path = item.Path };
    }

    /// <summary>What to say of an operation that is no part of a mask.</summary>
    public static string Refusal(string name, string kind) =>
        $"'{name}' ({kind}) computes outside of layers, which is not supported: of Keras's operations those that make masks are, "
        + "and only as such. Use a layer in its place"
        + (LayerNames.Registry.Contains(kind) ? $": keras.layers.{kind}()." : ".");

    private static void Add(JsonNode argument, List<object?> arguments, string name)
    {
        switch (argument.Value)
        {
            case List<object?>:
                foreach (JsonNode item in argument.Items)
                {
                    Add(item, arguments, name);
                }

                break;
            case Dictionary<string, object?> when CallReader.IsTensor(argument):
                arguments.Add(CallReader.Tensor(argument));
                break;
            case long or double:
                arguments.Add(argument.Value);
                break;
            default:
                throw argument.Fail($"'{name}' is called with what is neither the output of a layer nor a number.");
        }
    }
}
