namespace Recurrent.Serialization;

/// <summary>Turns an architecture of Keras 2, or of Keras 1's last versions, into one of Keras 3 where it means the same, and
/// says where it does not.</summary>
internal static class Keras2
{
    // Ways to compute, which never changed a result.
    private static readonly string[] WithoutMeaning = ["implementation", "input_length", "consume_less"];

    private static readonly string[] Signs = ["batch_input_shape", "time_major", "implementation", "input_length"];

    /// <summary>Reads what is Keras 2's in a model.</summary>
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
        bool named = model.Remove("keras_version") | model.Remove("backend");
        if (model.GetValueOrDefault("config") is List<object?> layers && model.ContainsKey("class_name"))
        {
            // Before 2.2.3 the config was the list of layers.
            model["config"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["layers"] = layers };
            isOld = true;
        }

        JsonNode config = model.ContainsKey("class_name") && model.GetValueOrDefault("config") is Dictionary<string, object?>
            ? root["config"] : root;
        if (config.Entries.GetValueOrDefault("layers") is not List<object?> list)
        {
            return root;
        }

        isOld |= list.Exists(HasSigns);
        if (!isOld && !named)
        {
            return root;
        }

        IReadOnlyList<JsonNode> items = config["layers"].Items;
        for (int i = items.Count - 1; isOld && i >= 0; i--)
        {
            Convert(items[i], i == 0 ? list : null);
        }

        return root;
    }

    private static bool HasSigns(object? layer) =>
        layer is Dictionary<string, object?> entries && entries.GetValueOrDefault("config") is Dictionary<string, object?> config
        && (Signs.Any(config.ContainsKey) || config.Values.Any(HasSigns));

    /// <param name="layer">A layer.</param>
    /// <param name="layers">Where the input layer goes that the first layer stands for; null where this is another one.</param>
    private static void Convert(JsonNode layer, List<object?>? layers)
    {
        if (layer.Value is not Dictionary<string, object?> entries
            || entries.GetValueOrDefault("config") is not Dictionary<string, object?> config)
        {
            return;
        }

        JsonNode node = layer["config"];
        string className = entries.GetValueOrDefault("class_name") as string ?? string.Empty;
        if (config.GetValueOrDefault("time_major") is true)
        {
            throw node["time_major"].Fail("Keras 2's time_major: true lays sequences out as (timesteps, batch, features), "
                + "which is not supported. Build the model with time_major=False.");
        }

        foreach (string key in (string[])["activation", "recurrent_activation"])
        {
            if (config.GetValueOrDefault(key) is "hard_sigmoid")
            {
                throw node[key].Fail("hard_sigmoid was 0.2x + 0.5 in Keras 2, and is x/6 + 0.5 in Keras 3 and here: the model "
                    + "would give other numbers. Train it anew with 'sigmoid', or write 'hard_sigmoid' in a file of Keras 3 if "
                    + "those are meant.");
            }
        }

        config.Remove("time_major");
        DropInherited(node, config, className);
        Array.ForEach(WithoutMeaning, key => config.Remove(key));
        if (className == "GRU" && !config.ContainsKey("reset_after"))
        {
            config["reset_after"] = false;
        }

        if (config.Remove("batch_input_shape", out object? shape))
        {
            if (className == "InputLayer")
            {
                config["batch_shape"] = shape;
            }
            else
            {
                layers?.Insert(0, InputFor(config, shape));
            }
        }

        foreach (string key in (string[])["layer", "backward_layer", "cell"])
        {
            if (config.GetValueOrDefault(key) is Dictionary<string, object?>)
            {
                Convert(node[key], null);
            }
        }
    }

    /// <summary>Takes away what layers wrote of the class that they came from though they never used it, and renames an
    /// option.</summary>
    private static void DropInherited(JsonNode node, Dictionary<string, object?> config, string className)
    {
        if (className is "SeparableConv1D" or "DepthwiseConv1D" or "Conv1DTranspose"
            && config.Remove("groups", out object? groups) && groups is not (null or 1L))
        {
            throw node.Fail($"{className} of Keras 2 with groups: {groups} has no equal here. Build the model with groups=1.");
        }

        if (className == "SeparableConv1D")
        {
            Array.ForEach((string[])["kernel_initializer", "kernel_regularizer", "kernel_constraint"], key => config.Remove(key));
        }

        if (className == "SpatialDropout1D")
        {
            config.Remove("noise_shape");
        }

        if (className == "LeakyReLU" && config.Remove("alpha", out object? slope))
        {
            config["negative_slope"] = slope;
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
