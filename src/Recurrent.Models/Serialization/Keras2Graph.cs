namespace Recurrent.Serialization;

/// <summary>Turns the calls of a graph of Keras 2 into those of Keras 3.</summary>
/// <remarks>
/// A call was a list of what is read, each <c>[layer, use, output, {arguments by name}]</c>. Of a model inside the model Keras 2
/// counted its own layers' use as the first, so that its uses in the graph count from 1.
/// </remarks>
internal static class Keras2Graph
{
    private const int Arguments = 3;

    /// <summary>Whether a layer has calls as Keras 2 wrote them.</summary>
    public static bool HasOldCalls(Dictionary<string, object?> layer) =>
        layer.GetValueOrDefault("inbound_nodes") is List<object?> { Count: > 0 } nodes && nodes[0] is List<object?>;

    /// <summary>Changes the calls of all layers, and the ends, in place.</summary>
    /// <param name="config">The config of the graph.</param>
    /// <exception cref="ModelFormatException">A call reads something that is no output of a layer.</exception>
    public static void Convert(JsonNode config)
    {
        foreach (JsonNode layer in config["layers"].Items)
        {
            if (layer.Value is not Dictionary<string, object?> entries || !HasOldCalls(entries))
            {
                continue;
            }

            entries["inbound_nodes"] = layer["inbound_nodes"].Items.Select(node => (object?)Call(node)).ToList();
        }

        CountFromZero(config);
    }

    private static Dictionary<string, object?> Call(JsonNode node)
    {
        // Newer versions leave out the list around a single one.
        JsonNode[] items = IsPlace(node.Value) ? [node] : [.. node.Items];
        var tensors = new List<object?>();
        var keywords = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (JsonNode item in items)
        {
            if (!IsPlace(item.Value))
            {
                throw item.Fail("a layer, the number of a use of it, and that of an output belong here.");
            }

            IReadOnlyList<JsonNode> parts = item.Items;
            if (parts[0].Value is "_CONSTANT_VALUE")
            {
                throw item.Fail("the layer is called with numbers, which is not supported: only with outputs of layers.");
            }

            tensors.Add(Tensor(parts));
            if (parts.Count > Arguments)
            {
                foreach (string key in parts[Arguments].Entries.Keys)
                {
                    keywords[key] = Argument(parts[Arguments][key]);
                }
            }
        }

        return new(StringComparer.Ordinal)
        {
            ["args"] = tensors.Count == 1 ? tensors : new List<object?> { tensors },
            ["kwargs"] = keywords,
        };
    }

    private static object? Argument(JsonNode value) => IsPlace(value.Value) ? Tensor(value.Items)
        : value.Value is List<object?> { Count: > 0 } list && list.TrueForAll(IsPlace)
            ? value.Items.Select(item => (object?)Tensor(item.Items)).ToList()
        : value.Value;

    private static bool IsPlace(object? value) =>
        value is List<object?> { Count: Arguments or Arguments + 1 } parts && parts is [string, long, ..];

    private static Dictionary<string, object?> Tensor(IReadOnlyList<JsonNode> parts) => new(StringComparer.Ordinal)
    {
        ["class_name"] = GraphReader.Tensor,
        ["config"] = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["keras_history"] = parts.Take(Arguments).Select(part => part.Value).ToList(),
        },
    };

    /// <summary>Uses of models inside the model count from 0 on, as those of layers; but among the ends from 1 on, as Keras 3 has
    /// them.</summary>
    private static void CountFromZero(JsonNode config)
    {
        var models = config["layers"].Items
            .Where(ArchitectureReader.IsModel)
            .Select(layer => (layer.Optional("name") ?? layer["config"].Optional("name"))?.Value as string)
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (models.Count == 0)
        {
            return;
        }

        var inside = new List<List<object?>>();
        var ends = new List<List<object?>>();
        Find(config["layers"].Items.Select(layer => layer.Value is Dictionary<string, object?> entries
            ? entries.GetValueOrDefault("inbound_nodes") : null).ToList(), models, inside);
        Find(config.Optional("output_layers")?.Value, models, ends);
        foreach (string model in models)
        {
            List<object?>[] places = [.. inside.Concat(ends).Where(place => place[0] as string == model)];
            if (places.Length == 0 || !Array.TrueForAll(places, place => place[1] is long and > 0))
            {
                continue;
            }

            foreach (List<object?> place in places)
            {
                bool isGraphs = ends.Contains(place) && config["layers"].Items.Any(layer =>
                    layer.Optional("name")?.Value as string == model && layer["class_name"].Value is not "Sequential");
                place[1] = (long)place[1]! - (isGraphs ? 0 : 1);
            }
        }
    }

    private static void Find(object? value, HashSet<string> models, List<List<object?>> places)
    {
        switch (value)
        {
            case List<object?> list when IsPlace(list) && models.Contains((string)list[0]!):
                places.Add(list);
                break;
            case List<object?> list:
                list.ForEach(item => Find(item, models, places));
                break;
            case Dictionary<string, object?> entries:
                foreach (object? item in entries.Values)
                {
                    Find(item, models, places);
                }

                break;
        }
    }
}
