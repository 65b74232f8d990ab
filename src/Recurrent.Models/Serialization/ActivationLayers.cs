using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>
/// Layers that stand where an activation does, <c>Dense(8, activation=LeakyReLU(0.1))</c>: Keras calls them as functions, and so
/// they are read. It has no other words for an activation with options, and so they are written.
/// </summary>
internal static class ActivationLayers
{
    /// <summary>The module of such layers.</summary>
    public const string Module = "keras.layers";

    // What every layer has, and a function has not.
    private static readonly string[] OfAnyLayer = ["name", "trainable", "dtype", "batch_input_shape", "batch_shape"];

    /// <summary>What a layer is as an activation: a name or a component; null where it is none of these layers.</summary>
    /// <param name="node">What stands under the key of an activation.</param>
    /// <param name="read">Reads an activation inside.</param>
    /// <exception cref="ModelFormatException">It is such a layer, with options that no activation has.</exception>
    public static object? Read(JsonNode node, Func<JsonNode, object?> read)
    {
        switch (node["class_name"].Text())
        {
            case "LeakyReLU":
                return Function(node, "leaky_relu", ["negative_slope", "alpha"],
                    ("negative_slope", Number(node, 0.3, "negative_slope", "alpha")));
            case "ELU":
                return Function(node, "elu", ["alpha"], ("alpha", Number(node, 1, "alpha")));
            case "ReLU":
                return Function(node, "relu", ["max_value", "negative_slope", "threshold"],
                    ("negative_slope", Number(node, 0, "negative_slope")), ("max_value", Number(node, null, "max_value")),
                    ("threshold", Number(node, 0, "threshold")));
            case "ThresholdedReLU":
                return Function(node, "threshold", ["theta"], ("threshold", Number(node, 1, "theta")));
            case "Softmax":
                JsonNode config = Allow(node, "axis");
                return config.Optional("axis") is not { } axis
                    || axis.Value is -1L or List<object?> { Count: 1 } and [-1L] ? "softmax"
                    : throw axis.Fail("as an activation, the softmax is taken along the last axis: write -1.");
            case "Activation":
                return read(Allow(node, "activation")["activation"]);
            case "PReLU":
                throw node["class_name"].Fail("this layer learns slopes, and an activation has no weights here. Put it behind "
                    + "the layer as a layer of its own.");
            default:
                return null;
        }
    }

    /// <summary>The layer that is a function with options in Keras; null where there is none.</summary>
    /// <param name="component">The activation.</param>
    public static ComponentConfig? Of(ComponentConfig component) => component.ClassName switch
    {
        "leaky_relu" => new("LeakyReLU", With("leaky_re_lu", component, ("negative_slope", 0.2))),
        "elu" => new("ELU", With("elu", component, ("alpha", 1.0))),
        "relu" => new("ReLU",
            With("re_lu", component, ("max_value", null), ("negative_slope", 0.0), ("threshold", 0.0))),
        _ => null,
    };

    private static Config With(string name, ComponentConfig component, params (string Key, object? Usual)[] options)
    {
        Config config = new() { { "name", name }, { "trainable", true } };
        foreach ((string key, object? usual) in options)
        {
            KeyValuePair<string, object?> own = component.Config.FirstOrDefault(entry => entry.Key == key);
            config.Add(key, own.Key is null ? usual : own.Value);
        }

        return config;
    }

    private static ComponentConfig Function(
        JsonNode node, string name, string[] keys, params (string Key, double? Value)[] options)
    {
        Allow(node, keys);
        Config config = [];
        foreach ((string key, double? value) in options)
        {
            if (value is not null)
            {
                config.Add(key, value);
            }
        }

        return new(name, config);
    }

    private static JsonNode Allow(JsonNode node, params string[] keys) => node["config"].Allow([.. OfAnyLayer, .. keys]);

    private static double? Number(JsonNode node, double? usual, params string[] keys) =>
        keys.Select(key => node["config"].Optional(key)).FirstOrDefault(found => found is not null) is not { } own ? usual
            : own.Value switch
            {
                double number => number,
                long whole => whole,
                _ => throw own.Fail("expected a number."),
            };
}
