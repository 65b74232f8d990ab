namespace Recurrent.Serialization;

/// <summary>Turns an architecture of Keras 1 or 2, or of TensorFlow.js, into one of Keras 3 where it means the same, and says
/// where it does not.</summary>
internal static class Keras2
{
    private static readonly string[] Signs = ["batch_input_shape", "time_major", "implementation", "input_length"];

    /// <summary>Reads what is Keras 1's or 2's in a model.</summary>
    /// <param name="root">The model.</param>
    /// <returns>The model as Keras 3 writes it.</returns>
    /// <exception cref="ModelFormatException">It says something that has no meaning here.</exception>
    public static JsonNode Read(JsonNode root)
    {
        if (root.Value is not Dictionary<string, object?> model)
        {
            return root;
        }

        bool isOld = model.GetValueOrDefault("keras_version") is string version && !version.StartsWith('3');
        model.Remove("keras_version");
        model.Remove("backend");
        if (model.ContainsKey("class_name") ? isOld || IsOld(root) : IsOld(root))
        {
            ConvertModel(root);
            if (root.Optional("compile_config") is { } compiled)
            {
                Keras2Compile.Convert(compiled);
            }
        }

        return root;
    }

    /// <summary>Whether a model, or one inside it, is written as Keras 3 does not.</summary>
    private static bool IsOld(JsonNode model)
    {
        if (model.Value is not Dictionary<string, object?> entries)
        {
            return false;
        }

        // Before 2.2.3 the config was the list of layers.
        object? config = entries.ContainsKey("class_name") ? entries.GetValueOrDefault("config") : entries;
        return config is List<object?> || (config is Dictionary<string, object?> own
            && own.GetValueOrDefault("layers") is List<object?> layers && layers.Exists(HasSigns));
    }

    private static bool HasSigns(object? layer) => layer is Dictionary<string, object?> entries
        && (Keras2Graph.HasOldCalls(entries)
            || (entries.GetValueOrDefault("config") is Dictionary<string, object?> config
                && (Signs.Any(config.ContainsKey) || Keras1.IsOld(entries, config) || config.Values.Any(HasSigns)
                    || (config.GetValueOrDefault("layers") is List<object?> inside && inside.Exists(HasSigns))))
            || (entries.GetValueOrDefault("class_name") is string and not "InputLayer"
                && entries.GetValueOrDefault("config") is List<object?>));

    /// <summary>Converts a model in place, and those inside it.</summary>
    private static void ConvertModel(JsonNode node)
    {
        var model = (Dictionary<string, object?>)node.Value!;
        if (model.GetValueOrDefault("config") is List<object?> list && model.ContainsKey("class_name"))
        {
            model["config"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["layers"] = list };
        }

        JsonNode config = model.ContainsKey("class_name") && model.GetValueOrDefault("config") is Dictionary<string, object?>
            ? node["config"] : node;
        if (config.Entries.GetValueOrDefault("layers") is not List<object?> layers)
        {
            return;
        }

        bool isGraph = config.Entries.ContainsKey("input_layers");
        IReadOnlyList<JsonNode> items = config["layers"].Items;
        for (int i = items.Count - 1; i >= 0; i--)
        {
            if (ArchitectureReader.IsModel(items[i]))
            {
                ConvertModel(items[i]);
            }
            else
            {
                Convert(items[i], i == 0 && !isGraph ? layers : null);
            }
        }

        if (isGraph)
        {
            Keras2Graph.Convert(config);
        }
    }

    /// <param name="layer">A layer.</param>
    /// <param name="layers">Where the input layer goes that the first layer stands for; null where this is another one.</param>
    private static void Convert(JsonNode layer, List<object?>? layers)
    {
        if (layer.Value is not Dictionary<string, object?> entries
            || entries.GetValueOrDefault("config") is not Dictionary<string, object?> config)
        {
            return;
        }

        if (Keras1.IsOld(entries, config))
        {
            Keras1.Convert(layer, entries, config);
            config = (Dictionary<string, object?>)entries["config"]!;
        }

        object? shape = null;
        bool hasShape = config.Remove("batch_input_shape", out shape);
        Keras2Layer.Convert(layer, entries, config);
        if (hasShape && entries.GetValueOrDefault("class_name") is "InputLayer")
        {
            config["batch_shape"] = shape;
        }
        else if (hasShape)
        {
            layers?.Insert(0, InputFor(config, shape));
        }

        foreach (string key in (string[])["layer", "forward_layer", "backward_layer", "cell"])
        {
            if (config.GetValueOrDefault(key) is Dictionary<string, object?>)
            {
                JsonNode inside = layer["config"][key];
                if (ArchitectureReader.IsModel(inside))
                {
                    ConvertModel(inside);
                }
                else
                {
                    Convert(inside, null);
                }
            }
        }

        foreach (JsonNode cell in config.GetValueOrDefault("cells") is List<object?> ? layer["config"]["cells"].Items : [])
        {
            Convert(cell, null);
        }
    }

    private static Dictionary<string, object?> InputFor(Dictionary<string, object?> config, object? shape)
    {
        string type = config.GetValueOrDefault("dtype") is "int32" or "int64" ? (string)config["dtype"]! : "float32";
        var input = new Dictionary<string, object?>(StringComparer.Ordinal) { ["batch_shape"] = shape, ["dtype"] = type };
        if (config.GetValueOrDefault("name") is string name)
        {
            input["name"] = name + "_input";
        }

        if (type != "float32")
        {
            // It was the type of the ids, and is that of what is computed in Keras 3.
            config.Remove("dtype");
        }

        return new(StringComparer.Ordinal) { ["class_name"] = "InputLayer", ["config"] = input };
    }
}
