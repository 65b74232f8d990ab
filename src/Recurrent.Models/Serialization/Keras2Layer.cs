namespace Recurrent.Serialization;

/// <summary>Turns the options of a layer of Keras 2 into those of Keras 3.</summary>
internal static class Keras2Layer
{
    /// <summary>The slope of <c>hard_sigmoid</c> before Keras 3.</summary>
    private const double HardSlope = 0.2;

    // Ways to compute, which never changed a result, and what follows from the rest.
    private static readonly string[] WithoutMeaning =
    [
        "time_major", "implementation", "input_length", "consume_less", "batch_size", "input_dtype", "virtual_batch_size",
        "fused",
        "query_shape", "key_shape", "value_shape",
    ];

    private static readonly Dictionary<string, string> ForCudnn = new(StringComparer.Ordinal)
    {
        ["CuDNNLSTM"] = "LSTM",
        ["CuDNNGRU"] = "GRU",
    };

    /// <summary>Changes a layer in place.</summary>
    /// <exception cref="ModelFormatException">It says something that has no meaning here.</exception>
    public static void Convert(JsonNode layer, Dictionary<string, object?> entries, Dictionary<string, object?> config)
    {
        JsonNode node = layer["config"];
        string className = entries.GetValueOrDefault("class_name") as string ?? string.Empty;
        if (config.GetValueOrDefault("time_major") is true)
        {
            throw node["time_major"].Fail("Keras 2's time_major: true lays sequences out as (timesteps, batch, features), "
                + "which is not supported. Build the model with time_major=False.");
        }

        if (config.Remove("renorm", out object? renorm) && renorm is true)
        {
            throw node.Fail("batch renormalization (renorm: true) is not supported. Train it with renorm=False.");
        }

        if (ForCudnn.TryGetValue(className, out string? plain))
        {
            entries["class_name"] = className = plain;
            config["activation"] = "tanh";
            config["recurrent_activation"] = "sigmoid";
            if (plain == "GRU")
            {
                config["reset_after"] = true;
            }
        }

        Array.ForEach(WithoutMeaning, key => config.Remove(key));
        DropInherited(node, config, className);
        Rename(config, className, entries);
        foreach (string key in config.Keys.ToArray())
        {
            config[key] = Component(key, config[key]);
        }
    }

    /// <summary>Takes away what layers wrote of the class that they came from though they never used it.</summary>
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

        // TensorFlow.js writes options that nobody gave as null, and the cells of a stack twice.
        foreach (string key in config.Where(pair => pair.Value is null && pair.Key is "unit_forget_bias" or "reset_after"
            or "unroll"
            or "use_bias" or "zero_output_for_mask" or "data_format").Select(pair => pair.Key).ToArray())
        {
            config.Remove(key);
        }

        if (className.EndsWith("Cell", StringComparison.Ordinal)
            && config.GetValueOrDefault("activity_regularizer", string.Empty) is null)
        {
            config.Remove("activity_regularizer");
        }

        if (className == "RNN" && config.ContainsKey("cell"))
        {
            config.Remove("cells");
        }
    }

    private static void Rename(Dictionary<string, object?> config, string className, Dictionary<string, object?> entries)
    {
        switch (className)
        {
            case "GRU" or "GRUCell" when !config.ContainsKey("reset_after"):
                config["reset_after"] = false;
                break;
            case "LeakyReLU" when config.Remove("alpha", out object? slope):
                config["negative_slope"] = slope;
                break;
            case "ThresholdedReLU":
                entries["class_name"] = "ReLU";
                config.Remove("theta", out object? threshold);
                config["threshold"] = threshold ?? 1.0;
                break;
            case "BatchNormalization" when config.GetValueOrDefault("axis") is List<object?> { Count: 1 } axis:
                config["axis"] = axis[0];
                break;
            case "Attention" or "AdditiveAttention" when config.Remove("causal", out object? causal) && causal is true:
                config["use_causal_mask"] = true;
                break;
            case "MultiHeadAttention" when config.GetValueOrDefault("value_dim") is null:
                config.Remove("value_dim");
                break;
        }
    }

    private static object? Component(string key, object? value)
    {
        if (key is "activation" or "recurrent_activation" && value is "hard_sigmoid")
        {
            return new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["class_name"] = "hard_sigmoid",
                ["config"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["slope"] = HardSlope },
            };
        }

        if (key.EndsWith("_initializer", StringComparison.Ordinal) && value is Dictionary<string, object?> initializer
            && initializer.GetValueOrDefault("config") is Dictionary<string, object?> options)
        {
            options.Remove("dtype");
        }

        return value;
    }
}
