using System.Globalization;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>Reads the layers of a Functional model and what each use of them reads: Keras's <c>inbound_nodes</c>.</summary>
internal static class GraphReader
{
    /// <summary>What Keras calls an output of a layer among the arguments of a call.</summary>
    public const string Tensor = "__keras_tensor__";

    /// <summary>How many uses of layers, and values that they read, there may be for each layer that there may be.</summary>
    private const int UsesPerLayer = 10;

    /// <summary>Reads the layers of a graph, and requires that whatever is named is there.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="config">Its config.</param>
    /// <param name="context">What the whole document shares.</param>
    /// <exception cref="ModelFormatException">It is no graph of layers that there are here.</exception>
    public static Architecture Read(string name, JsonNode config, ReadContext context)
    {
        IReadOnlyList<JsonNode> items = config["layers"].Items;
        var byName = new Dictionary<string, LayerEntry>(StringComparer.Ordinal);
        var layers = new List<LayerEntry>();
        var operations = new Dictionary<string, OperationEntry>(StringComparer.Ordinal);
        foreach (JsonNode item in items)
        {
            if (OperationReader.IsOperation(item))
            {
                OperationEntry operation = OperationReader.Read(item);
                if (byName.ContainsKey(operation.Name) || !operations.TryAdd(operation.Name, operation))
                {
                    throw item["name"].Fail($"the name '{operation.Name}' appears twice.");
                }

                continue;
            }

            LayerEntry entry = ReadLayer(item, context);
            JsonNode named = item.Entries.ContainsKey("name") ? item["name"] : item["config"];
            if (operations.ContainsKey(entry.Name) || !byName.TryAdd(entry.Name, entry))
            {
                throw named.Fail($"the name '{entry.Name}' appears twice.");
            }

            layers.Add(entry);
        }

        GraphEnds ends = new(
            [.. Ends(config["input_layers"]).Select(place => Require(place, byName, operations))],
            [.. Ends(config["output_layers"]).Select(place => Require(FromOne(place, byName), byName, operations))])
        {
            InputForm = FormOf(config["input_layers"]),
            OutputForm = FormOf(config["output_layers"]),
        };
        foreach (TensorPlace place in ends.Inputs)
        {
            if (byName[place.Layer].Layer is not Input)
            {
                throw new ModelFormatException(place.Path, $"'{place.Layer}' is no InputLayer, and a model begins at one.");
            }
        }

        foreach (TensorPlace read in layers.SelectMany(entry => entry.Calls).SelectMany(call => call.Inputs))
        {
            Require(read, byName, operations);
        }

        Input? first = ends.Inputs.Count > 0 ? (Input)byName[ends.Inputs[0].Layer].Layer! : null;
        return new(name, layers)
        {
            Ends = ends,
            Operations = [.. operations.Values],
            InputShape = first?.DeclaredInputShape,
            BatchSize = first?.BatchSize,
        };
    }

    /// <summary>Requires that a model, with the models inside it taken apart at each of their uses, is not larger than it may
    /// be.</summary>
    /// <exception cref="ModelFormatException">It is.</exception>
    public static void RequireFew(Architecture model, ReadLimits limits)
    {
        if (Uses(model) > (double)limits.MaxLayers * UsesPerLayer)
        {
            throw new ModelFormatException(model.Path, string.Create(CultureInfo.InvariantCulture,
                $"the layers of the model are used more than {(long)limits.MaxLayers * UsesPerLayer} times, those of models "
                + $"inside it at each of their uses. If you trust it, raise "
                + $"{nameof(ReadLimits)}.{nameof(ReadLimits.MaxLayers)}."));
        }
    }

    private static double Uses(Architecture model)
    {
        double uses = 0;
        foreach (LayerEntry entry in model.Layers)
        {
            double calls = model.Ends is null ? 1 : entry.Calls.Sum(call => Math.Max(1.0, call.Inputs.Count));
            double own = entry.Model is { } inner ? Uses(inner) : entry.Inside.Sum(Uses);
            uses += calls * Math.Max(1, own);
        }

        return Math.Min(uses, int.MaxValue);
    }

    private static LayerEntry ReadLayer(JsonNode item, ReadContext context)
    {
        // What stands beside the layer is the graph's.
        JsonNode own = item with
        {
            Value = item.Entries.Where(pair => pair.Key is not "name" and not "inbound_nodes")
                .ToDictionary(StringComparer.Ordinal),
        };
        Config options = [];
        LayerEntry? known = context.FindShared(own);
        LayerEntry entry = known ?? ArchitectureReader.ReadEntry(own, context);
        if (item.Optional("name") is { } named)
        {
            if (entry.Layer is { Name: null } unnamed)
            {
                options.Add("name", named.Text());
                entry = ArchitectureReader.ReadEntry(own, context, options);
            }

            if (entry.Name != named.Text())
            {
                throw named.Fail($"the layer is called '{entry.Name}' in its config, and '{named.Text()}' here.");
            }
        }
        else if (entry.Name.Length == 0)
        {
            throw item.Fail("the key 'name' is missing.");
        }

        IReadOnlyList<JsonNode> nodes = item["inbound_nodes"].Items;
        if (entry.Layer is Input)
        {
            return nodes.Count == 0 ? entry : throw item["inbound_nodes"].Fail("an InputLayer reads nothing.");
        }

        CallForm form = entry.Layer?.CallForm
            ?? (entry.Model!.Ends is { Inputs.Count: > 1 } ? CallForm.MaskedList : CallForm.Masked);
        var reader = new CallReader(entry.Layer?.Introduction ?? $"Model '{entry.Name}'", form);
        CallEntry[] calls = [.. nodes.Select(reader.Read)];
        if (known is not null && reader.Options.Count > 0)
        {
            throw nodes[0].Fail(
                $"{reader.Layer} stands in several models, and is called here with other options than elsewhere. They are "
                + "options of the layer here, so all its uses must agree; use a layer of its own for each.");
        }

        if (reader.Options.Count > 0)
        {
            foreach ((string key, object? value) in reader.Options)
            {
                options.Add(key, value);
            }

            try
            {
                entry = ArchitectureReader.ReadEntry(own, context, options);
            }
            catch (ModelFormatException exception) when (exception.InnerException is ArgumentException)
            {
                throw new ModelFormatException(nodes[0].Below("kwargs"), exception.InnerException.Message, exception);
            }
        }

        context.Share(own, entry);
        return entry with { Calls = calls };
    }

    private static TensorPlace[] Ends(JsonNode node)
    {
        if (node.Value is Dictionary<string, object?> named)
        {
            // Keras takes them in the order of their names.
            return named.Count > 0
                ? [.. named.Keys.Order(StringComparer.Ordinal).Select(name => OfName(node, name))]
                : throw node.Fail("a model has one at least.");
        }

        IReadOnlyList<JsonNode> items = node.Items;
        TensorPlace[] places = items.Count > 0 && items[0].Value is List<object?> ? [.. items.Select(CallReader.Place)]
            : [CallReader.Place(node)];
        return places;
    }

    private static TensorPlace OfName(JsonNode node, string name)
    {
        TensorPlace place = CallReader.Place(node[name]);
        return place.Layer == name ? place : throw node[name].Fail(
            $"'{place.Layer}' is called '{name}' here, and inputs and outputs go by the names of their layers. Give the layer "
            + "that name, or the model lists: Model(inputs=[a, b], outputs=[c]).");
    }

    private static EndsForm FormOf(JsonNode node) => node.Value is Dictionary<string, object?> ? EndsForm.Names
        : node.Items is [{ Value: List<object?> }, ..] ? EndsForm.List
        : EndsForm.AsNeeded;

    /// <summary>Of the outputs of functional models in a functional model Keras counts the uses from 1 on, here and only
    /// here.</summary>
    private static TensorPlace FromOne(TensorPlace place, Dictionary<string, LayerEntry> layers) =>
        place.Call > 0 && layers.GetValueOrDefault(place.Layer)?.Model?.Ends is not null ? place with { Call = place.Call - 1 }
            : place;

    private static TensorPlace Require(
        TensorPlace place, Dictionary<string, LayerEntry> layers, Dictionary<string, OperationEntry> operations)
    {
        if (operations.TryGetValue(place.Layer, out OperationEntry? operation))
        {
            throw new ModelFormatException(place.Path, OperationReader.Refusal(operation.Name, operation.ClassName));
        }

        if (!layers.TryGetValue(place.Layer, out LayerEntry? layer))
        {
            throw new ModelFormatException(
                place.Path,
                    $"the model has no layer '{place.Layer}'. {Spelling.DidYouMean(place.Layer, [.. layers.Keys])}".TrimEnd());
        }

        int calls = layer.Layer is Input ? 1 : layer.Calls.Count;
        return place.Call < calls
            ? place
            : throw new ModelFormatException(place.Path, string.Create(CultureInfo.InvariantCulture,
                $"'{place.Layer}' is used {calls} {(calls == 1 ? "time" : "times")}, and this is its use {place.Call}, "
                + $"counted from 0."));
    }
}
