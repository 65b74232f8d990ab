namespace Recurrent.Serialization;

/// <summary>Turns what Keras 2 says of compiling a model into what Keras 3 says.</summary>
internal static class Keras2Compile
{
    /// <summary>Changes what is said in place.</summary>
    /// <exception cref="ModelFormatException">It says something that has no meaning here.</exception>
    public static void Convert(JsonNode compiled)
    {
        if (compiled.Value is not Dictionary<string, object?> entries)
        {
            return;
        }

        // Whether weights come for each step was said once for all, and is seen from their shape here.
        entries.Remove("sample_weight_mode");
        if (entries.GetValueOrDefault("loss_weights") is Dictionary<string, object?> { Count: 0 } or List<object?> { Count: 0 })
        {
            entries.Remove("loss_weights");
        }

        foreach (string key in (string[])["optimizer", "optimizer_config"])
        {
            if (entries.GetValueOrDefault(key) is Dictionary<string, object?> optimizer
                && optimizer.GetValueOrDefault("config") is Dictionary<string, object?> config)
            {
                Optimizer(compiled[key], optimizer, config);
            }
        }

        foreach (string key in (string[])["loss", "metrics", "weighted_metrics"])
        {
            if (entries.TryGetValue(key, out object? value))
            {
                entries[key] = Component(value);
            }
        }
    }

    private static void Optimizer(JsonNode node, Dictionary<string, object?> optimizer, Dictionary<string, object?> config)
    {
        if (config.Remove("lr", out object? rate))
        {
            config.TryAdd("learning_rate", rate);
        }

        foreach (string key in (string[])["is_legacy_optimizer", "jit_compile", "schedule_decay"])
        {
            config.Remove(key);
        }

        if (optimizer.GetValueOrDefault("class_name") is string name && name.StartsWith("Custom>", StringComparison.Ordinal))
        {
            optimizer["class_name"] = name["Custom>".Length..];
        }

        if (!config.Remove("decay", out object? decay) || decay is null or 0.0 or 0L)
        {
            return;
        }

        // The rate was divided by 1 + decay · updates.
        if (config.GetValueOrDefault("learning_rate") is not (double or long))
        {
            throw node["config"].Fail("the optimizer has both a schedule and Keras 2's decay. Read it with compile: false.");
        }

        config["learning_rate"] = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["class_name"] = "InverseTimeDecay",
            ["config"] = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["initial_learning_rate"] = config["learning_rate"],
                ["decay_steps"] = 1L,
                ["decay_rate"] = decay,
                ["staircase"] = false,
            },
        };
    }

    /// <summary>A loss or metric, or several: Keras 2 wrapped functions in classes of its own.</summary>
    private static object? Component(object? value)
    {
        switch (value)
        {
            case List<object?> items:
                return items.Select(Component).ToList();
            case Dictionary<string, object?> entries when entries.GetValueOrDefault("class_name") is string name:
                var config = entries.GetValueOrDefault("config") as Dictionary<string, object?>;
                if (name is "MeanMetricWrapper" or "LossFunctionWrapper" or "SumOverBatchSizeMetricWrapper"
                    && config?.GetValueOrDefault("fn") is string function)
                {
                    return function;
                }

                if (config?.GetValueOrDefault("reduction") is "auto")
                {
                    config["reduction"] = "sum_over_batch_size";
                }

                return entries;
            case Dictionary<string, object?> named:
                return named.ToDictionary(pair => pair.Key, pair => Component(pair.Value), StringComparer.Ordinal);
            default:
                return value;
        }
    }
}
