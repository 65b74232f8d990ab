using System.Globalization;

namespace Recurrent.Serialization;

/// <summary>Turns the architecture that Keras 3 writes into that of TensorFlow.js, which is Keras 2's with fewer
/// layers.</summary>
internal static class TensorFlowJsWriter
{
    private static readonly string[] Classes =
    [
        "Activation", "Add", "AlphaDropout", "Average", "AveragePooling1D", "BatchNormalization", "Bidirectional", "Concatenate",
        "Conv1D", "Dense", "Dot", "Dropout", "ELU", "Embedding", "Flatten", "GRU", "GRUCell", "GaussianDropout", "GaussianNoise",
        "GlobalAveragePooling1D", "GlobalMaxPooling1D", "InputLayer", "LSTM", "LSTMCell", "LayerNormalization", "LeakyReLU",
        "Masking", "MaxPooling1D", "Maximum", "Minimum", "Multiply", "PReLU", "Permute", "RNN", "ReLU", "RepeatVector", "Reshape",
        "SimpleRNN", "SimpleRNNCell", "Softmax", "SpatialDropout1D", "StackedRNNCells", "TimeDistributed",
    ];

    private static readonly string[] Functions =
    [
        "elu", "selu", "relu", "relu6", "linear", "sigmoid", "softplus", "softsign", "tanh", "softmax", "log_softmax", "mish",
        "swish", "silu", "gelu", "hard_sigmoid",
    ];

    // What TensorFlow.js has not, where it says what it would do anyway. Which output there is at a step that a mask hides is of
    // no account, and layers inside Bidirectional always say it.
    private static readonly (string Key, object? Usual)[] Unknown =
    [
        ("zero_output_for_mask", false), ("groups", 1L), ("keepdims", false), ("backward_layer", null), ("renorm", false),
        ("synchronized", false), ("negative_slope", 0.0), ("threshold", 0.0), ("data_format", "channels_last"),
        ("autocast", null), ("output_padding", null), ("lora_rank", null), ("rms_scaling", false), ("quantization_config", null),
    ];

    /// <summary>The document of a model.</summary>
    /// <param name="architecture">What Keras 3 writes of it.</param>
    /// <param name="manifest">Names and shapes of its weights.</param>
    /// <param name="shards">Names of the files that hold them.</param>
    /// <exception cref="NotSupportedException">TensorFlow.js has not a layer or an option; the message names it.</exception>
    public static string Write(
        string architecture, IReadOnlyList<(string Name, IReadOnlyList<int> Shape)> manifest, IReadOnlyList<string> shards)
    {
        JsonNode root = JsonTree.Read(architecture, new() { MaxLength = long.MaxValue });
        return PlainJson.Write(
        [
            new("format", "layers-model"),
            new("generatedBy", "Recurrent"),
            new("convertedBy", null),
            new("modelTopology", new Dictionary<string, object?>
            {
                ["class_name"] = root["class_name"].Text() == "Sequential" ? "Sequential" : "Model",
                ["config"] = ModelConfig(root),
                ["keras_version"] = "2.15.0",
                ["backend"] = "tensorflow",
            }),
            new("weightsManifest", new object?[]
            {
                new Dictionary<string, object?>
                {
                    ["paths"] = shards.ToArray<object?>(),
                    ["weights"] = manifest.Select(weight => (object?)new Dictionary<string, object?>
                    {
                        ["name"] = weight.Name,
                        ["shape"] = weight.Shape.Select(axis => (object?)axis).ToArray(),
                        ["dtype"] = "float32",
                    }).ToArray(),
                },
            }),
        ]);
    }

    private static Dictionary<string, object?> ModelConfig(JsonNode model)
    {
        JsonNode config = model["config"];
        bool isGraph = config.Entries.ContainsKey("input_layers");
        JsonNode[] layers = [.. config["layers"].Items.Where(layer => !OperationReader.IsOperation(layer))];
        var result = new Dictionary<string, object?> { ["name"] = config["name"].Text() };
        Dictionary<string, bool> models = layers.Where(ArchitectureReader.IsModel)
            .ToDictionary(layer => layer["config"]["name"].Text(), layer => layer["class_name"].Text() == "Sequential");
        result["layers"] = layers.Select(layer => (object?)Layer(layer, isGraph ? models : null)).ToArray();
        if (isGraph)
        {
            result["input_layers"] = Ends(config["input_layers"], models);
            result["output_layers"] = Ends(config["output_layers"], models);
        }

        return result;
    }

    private static Dictionary<string, object?> Layer(JsonNode layer, Dictionary<string, bool>? models)
    {
        string className = layer["class_name"].Text();
        Dictionary<string, object?> result;
        if (ArchitectureReader.IsModel(layer))
        {
            result = new() { ["class_name"] = className == "Sequential" ? className : "Model", ["config"] = ModelConfig(layer) };
        }
        else
        {
            result = new() { ["class_name"] = className, ["config"] = Config(className, layer) };
        }

        if (models is not null)
        {
            result["name"] = layer["name"].Text();
            result["inbound_nodes"] = layer["inbound_nodes"].Items.Select(node => (object?)Call(node, models)).ToArray();
        }

        return result;
    }

    private static Dictionary<string, object?> Config(string className, JsonNode layer)
    {
        JsonNode config = layer["config"];
        string name = config.Optional("name")?.Text() ?? className;
        if (!Classes.Contains(className))
        {
            throw new NotSupportedException($"TensorFlow.js has no layer {className} ('{name}').");
        }

        var result = new Dictionary<string, object?>();
        foreach (string key in config.Entries.Keys)
        {
            object? value = config[key].Value;
            (string Key, object? Usual) unknown = Array.Find(Unknown, each => each.Key == key);
            if (key == "batch_shape")
            {
                result["batch_input_shape"] = value;
            }
            else if (key == "dtype")
            {
                result[key] = value as string ?? "float32";
            }
            else if (className == "LeakyReLU" && key == "negative_slope")
            {
                result["alpha"] = value;
            }
            else if (key == "reset_after" && value is true)
            {
                throw new NotSupportedException($"The GRU of TensorFlow.js applies the reset gate before the recurrent product, "
                    + $"and '{name}' behind it. Train it with resetAfter: false.");
            }
            else if (key == "padding" && value is "causal")
            {
                throw new NotSupportedException(
                    $"TensorFlow.js does not compute convolutions with padding: causal, which '{name}' has.");
            }
            else if (unknown.Key is null)
            {
                result[key] = Value(key, config[key], name);
            }
            else if (key is not ("backward_layer" or "zero_output_for_mask") && value is not null
                && !Equals(value, unknown.Usual))
            {
                throw new NotSupportedException($"{className} of TensorFlow.js has no option {key}, which is "
                    + $"{Convert.ToString(value, CultureInfo.InvariantCulture)} in '{name}'.");
            }
        }

        return result;
    }

    private static object? Value(string key, JsonNode node, string name)
    {
        if (key is "activation" or "recurrent_activation")
        {
            return Activation(node, name);
        }

        if (key == "cells")
        {
            return node.Items.Select(item => (object?)Layer(item, null)).ToArray();
        }

        return node.Value is Dictionary<string, object?> entries && entries.ContainsKey("class_name")
            ? key is "layer" or "cell" ? Layer(node, null)
                : new Dictionary<string, object?> { ["class_name"] = entries["class_name"], ["config"] = entries["config"] }
            : node.Value;
    }

    /// <summary>A function by name. <c>hard_sigmoid</c> is 0.2x + 0.5 there, which is another one than Keras 3's.</summary>
    private static string Activation(JsonNode node, string name)
    {
        string function = node.Value as string ?? node["class_name"].Text();
        bool isHard = function == "hard_sigmoid";
        bool fits = isHard ? node.Value is Dictionary<string, object?> && node["config"].Optional("slope")?.Value is 0.2
            : node.Value is string;
        return fits && Functions.Contains(function) ? function == "silu" ? "swish" : function
            : throw new NotSupportedException(isHard
                ? $"The hard_sigmoid of TensorFlow.js is 0.2x + 0.5, and that of '{name}' is x/6 + 0.5."
                : $"TensorFlow.js has no activation {function} with the options that it has in '{name}'.");
    }

    private static List<object?> Call(JsonNode node, Dictionary<string, bool> models)
    {
        var places = new List<object?>();
        Find(node["args"].Value);
        foreach (string key in node.Optional("kwargs")?.Entries.Keys ?? [])
        {
            if (key != "mask")
            {
                Find(node["kwargs"][key].Value);
            }
        }

        return places;

        void Find(object? value)
        {
            if (value is List<object?> items)
            {
                items.ForEach(Find);
            }
            else if (value is Dictionary<string, object?> tensor
                && tensor.GetValueOrDefault("config") is Dictionary<string, object?> own
                && own.GetValueOrDefault("keras_history") is List<object?> place)
            {
                string layer = (string)place[0]!;
                long use = (long)place[1]! + (models.ContainsKey(layer) ? 1 : 0);
                places.Add(new List<object?> { layer, use, place[2], new Dictionary<string, object?>() });
            }
        }
    }

    private static List<object?> Ends(JsonNode node, Dictionary<string, bool> models)
    {
        JsonNode[] places = node.Value is Dictionary<string, object?> named
            ? [.. named.Keys.Order(StringComparer.Ordinal).Select(name => node[name])]
            : node.Items.Count > 0 && node.Items[0].Value is List<object?> ? [.. node.Items] : [node];
        return [.. places.Select(place =>
        {
            IReadOnlyList<JsonNode> parts = place.Items;
            string layer = parts[0].Text();

            // Among the ends Keras 3 counts the uses of graphs from 1 already.
            long use = parts[1].Whole(0, int.MaxValue) + (models.TryGetValue(layer, out bool isRow) && isRow ? 1 : 0);
            return (object?)new List<object?> { layer, use, parts[2].Value };
        })];
    }
}
