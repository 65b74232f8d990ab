namespace Recurrent.Serialization;

/// <summary>Turns a layer of Keras 1 into one of Keras 2.</summary>
internal static class Keras1
{
    // Old name and new one, whatever the layer.
    private static readonly (string Old, string New)[] Everywhere =
    [
        ("init", "kernel_initializer"), ("inner_init", "recurrent_initializer"), ("inner_activation", "recurrent_activation"),
        ("W_regularizer", "kernel_regularizer"), ("U_regularizer", "recurrent_regularizer"),
        ("b_regularizer", "bias_regularizer"),
        ("W_constraint", "kernel_constraint"), ("U_constraint", "recurrent_constraint"), ("b_constraint", "bias_constraint"),
        ("dropout_W", "dropout"), ("dropout_U", "recurrent_dropout"), ("bias", "use_bias"), ("p", "rate"), ("sigma", "stddev"),
        ("nb_filter", "filters"), ("filter_length", "kernel_size"), ("subsample_length", "strides"),
        ("atrous_rate", "dilation_rate"), ("border_mode", "padding"), ("pool_length", "pool_size"), ("stride", "strides"),
        ("beta_init", "beta_initializer"), ("gamma_init", "gamma_initializer"), ("length", "size"),
    ];

    private static readonly (string Old, string New)[] OfEmbeddings =
    [
        ("init", "embeddings_initializer"), ("W_regularizer", "embeddings_regularizer"),
        ("W_constraint", "embeddings_constraint"),
    ];

    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["Convolution1D"] = "Conv1D",
        ["AtrousConvolution1D"] = "Conv1D",
        ["TimeDistributedDense"] = "Dense",
    };

    private static readonly Dictionary<string, string> Merges = new(StringComparer.Ordinal)
    {
        ["sum"] = "Add",
        ["mul"] = "Multiply",
        ["concat"] = "Concatenate",
        ["ave"] = "Average",
        ["max"] = "Maximum",
    };

    private static readonly Dictionary<string, string> Initializers = new(StringComparer.Ordinal)
    {
        ["uniform"] = "random_uniform",
        ["normal"] = "random_normal",
        ["zero"] = "zeros",
        ["one"] = "ones",
    };

    /// <summary>Whether a layer has options that only Keras 1 knew.</summary>
    public static bool IsOld(Dictionary<string, object?> entries, Dictionary<string, object?> config)
    {
        string className = entries.GetValueOrDefault("class_name") as string ?? string.Empty;
        return className is "Merge" or "Highway" or "MaxoutDense" || Classes.ContainsKey(className)
            || Everywhere[..17].Any(pair => pair.Old != "bias" && config.ContainsKey(pair.Old)
                && (pair.Old != "init" || config[pair.Old] is string))
            || config.ContainsKey("pool_length") || config.ContainsKey("forget_bias_init")
            || (className == "BatchNormalization" && (config.ContainsKey("mode") || config.ContainsKey("beta_init")))
            || (config.ContainsKey("output_dim") && className is not ("Embedding" or "ReversibleEmbedding"));
    }

    /// <summary>Changes a layer in place.</summary>
    /// <exception cref="ModelFormatException">It has no equal.</exception>
    public static void Convert(JsonNode layer, Dictionary<string, object?> entries, Dictionary<string, object?> config)
    {
        string className = entries.GetValueOrDefault("class_name") as string ?? string.Empty;
        if (className is "Merge")
        {
            ConvertMerge(layer, entries, config);
            return;
        }

        if (className is "Highway" or "MaxoutDense")
        {
            throw layer["class_name"].Fail($"{className} was a layer of Keras 1 only, and is not supported.");
        }

        if (Classes.TryGetValue(className, out string? renamed))
        {
            entries["class_name"] = className = renamed;
        }

        foreach ((string old, string name) in className == "Embedding" ? [.. OfEmbeddings, .. Everywhere] : Everywhere)
        {
            if (className is not "RepeatVector" && !config.ContainsKey(name) && config.Remove(old, out object? value))
            {
                config[name] = value;
            }
        }

        if (className != "Embedding")
        {
            Rename(config, "output_dim", "units");
            config.Remove("input_dim");
        }
        else if (config.Remove("dropout", out object? dropout) && dropout is not (null or 0.0 or 0L))
        {
            throw layer.Fail("an Embedding of Keras 1 with dropout, which drops whole ids, has no equal. Use a Dropout "
                + "behind it.");
        }

        if (config.Remove("forget_bias_init", out object? forget))
        {
            config["unit_forget_bias"] = forget is "one" or "ones";
        }

        if (config.Remove("mode", out object? mode) && mode is not (null or 0L))
        {
            throw layer.Fail($"BatchNormalization of Keras 1 with mode {mode} has no equal: mode 0 has.");
        }

        foreach (string key in (string[])["weights", "input_length", "consume_less", "input_dtype", "go_backwards_mode"])
        {
            config.Remove(key);
        }

        foreach (string key in config.Keys.ToArray())
        {
            config[key] = Component(key, config[key]);
        }
    }

    private static void ConvertMerge(JsonNode layer, Dictionary<string, object?> entries, Dictionary<string, object?> config)
    {
        if (config.GetValueOrDefault("mode") is not string mode || !Merges.TryGetValue(mode, out string? className)
            || config.GetValueOrDefault("layers") is List<object?> { Count: > 0 })
        {
            throw layer.Fail("a Merge of Keras 1 is read in a Model (graph), with the mode sum, mul, concat, ave or max.");
        }

        var kept = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = config.GetValueOrDefault("name") };
        if (className == "Concatenate")
        {
            kept["axis"] = config.GetValueOrDefault("concat_axis") ?? -1L;
        }

        entries["class_name"] = className;
        entries["config"] = kept;
    }

    private static void Rename(Dictionary<string, object?> config, string old, string name)
    {
        if (config.Remove(old, out object? value))
        {
            config.TryAdd(name, value);
        }
    }

    private static object? Component(string key, object? value)
    {
        if (key.EndsWith("_initializer", StringComparison.Ordinal) && value is string name)
        {
            return Initializers.GetValueOrDefault(name, name);
        }

        if (value is not Dictionary<string, object?> named || named.ContainsKey("class_name")
            || named.GetValueOrDefault("name") is not string kind)
        {
            return value;
        }

        // Penalties and constraints were objects with a name beside their options.
        bool isPenalty = key.EndsWith("_regularizer", StringComparison.Ordinal);
        var options = named.Where(pair => pair.Key != "name")
            .ToDictionary(pair => pair.Key == "m" ? "max_value" : pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["class_name"] = isPenalty ? "L1L2" : kind,
            ["config"] = options,
        };
    }
}
