using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Serialization;

/// <summary>Reads what <c>keras.Model.to_json</c> writes of a Sequential model, or its <c>config</c> alone.</summary>
internal static class ArchitectureReader
{
    /// <summary>Reads a model and makes its layers, which are not built yet.</summary>
    /// <param name="node">The model.</param>
    /// <param name="compile">Whether to read what it was compiled for.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="context">What the whole document shares.</param>
    /// <exception cref="ModelFormatException">It is not a Sequential model of layers that there are here.</exception>
    public static Architecture Read(JsonNode node, bool compile, ReadLimits limits, ReadContext context)
    {
        FileFormat.RequireNone(node);
        node = Keras2.Read(node);
        if (!node.Entries.ContainsKey("class_name") && node.Entries.ContainsKey("layers"))
        {
            return ReadConfig(node, null, null, limits, context);
        }

        string className = CheckModel(node);
        if (className != "Sequential")
        {
            throw node["class_name"].Fail($"'{className}' is not supported: only Sequential models are.");
        }

        CompileSettings? settings = compile && node.Optional("compile_config") is { } compiled ? ReadCompile(compiled, context) : null;
        return ReadConfig(node["config"], settings, BuildShape(node.Optional("build_config")), limits, context);
    }

    private static string CheckModel(JsonNode node)
    {
        node.Allow("module", "class_name", "config", "registered_name", "build_config", "compile_config", "shared_object_id");
        string name = node["class_name"].Text();
        return node.Optional("module") is { } module && !Kinds.IsKnownModule(module.Text())
            ? throw module.Fail($"'{name}' is of the module '{module.Text()}', whose code is not in this library.")
            : name;
    }

    private static Architecture ReadConfig(JsonNode config, CompileSettings? compile, Shape? buildShape, ReadLimits limits, ReadContext context)
    {
        config.Allow("name", "trainable", "dtype", "layers", "build_input_shape");
        string name = config.Optional("name")?.Text() ?? "sequential";
        if (string.IsNullOrWhiteSpace(name))
        {
            throw config["name"].Fail("the name of the model is blank.");
        }

        _ = config.Optional("trainable")?.Flag();
        if (config.Optional("dtype") is { } policy)
        {
            ComponentReader.CheckPolicy(policy);
        }

        IReadOnlyList<JsonNode> items = config["layers"].Items;
        if (items.Count > limits.MaxLayers)
        {
            throw config["layers"].Fail(FormattableString.Invariant(
                $"the model has {items.Count} layers, and {limits.MaxLayers} are allowed. If you trust it, raise {nameof(ReadLimits)}.{nameof(ReadLimits.MaxLayers)}."));
        }

        Shape? shape = config.Optional("build_input_shape") is { } built ? SampleShape(built) : buildShape;
        Layer[] layers = [.. items.Select(item => ComponentReader.ReadLayer(item, context))];
        Input? input = layers.Length > 0 ? layers[0] as Input : null;
        int inputs = input is null ? 0 : 1;
        if (Array.FindIndex(layers, inputs, layer => layer is Input) is int second && second >= 0)
        {
            throw items[second].Fail("an InputLayer comes first, and only once.");
        }

        if (input is not null && shape is not null && !shape.Equals(input.DeclaredInputShape))
        {
            throw config.Fail($"the input layer declares {input.DeclaredInputShape}, but the model was built for {shape}.");
        }

        return new(name, input, input?.DeclaredInputShape ?? shape, layers[inputs..], compile)
        {
            Paths = [.. items.Skip(inputs).Select(item => item.Path)],
        };
    }

    private static Shape? BuildShape(JsonNode? build) =>
        build?.Allow("input_shape").Optional("input_shape") is { } shape ? SampleShape(shape) : null;

    private static Shape SampleShape(JsonNode node)
    {
        int?[] axes = node.Axes();
        return axes.Length > 0 ? new(axes[1..]) : throw node.Fail("the shape has no batch axis.");
    }

    private static CompileSettings? ReadCompile(JsonNode node, ReadContext context)
    {
        node.Allow(
            "optimizer",
            "loss",
            "loss_weights",
            "metrics",
            "weighted_metrics",
            "run_eagerly",
            "steps_per_execution",
            "jit_compile",
            "auto_scale_loss");
        if (node.Entries.Count == 0)
        {
            return null;
        }

        if (node.Optional("loss_weights") is { } weights)
        {
            throw weights.Fail("weights of losses are not supported: the model has one output.");
        }

        // What Keras's compile does where no optimizer is named.
        Optimizer optimizer = node.Optional("optimizer") is { } named
            ? ComponentReader.ReadComponent(named, OptimizerNames.Registry, context)
            : "rmsprop";
        Loss loss = node.Optional("loss") is { } given
            ? ComponentReader.ReadComponent(given, LossNames.Registry, context)
            : throw node.Fail("the model is compiled without a loss. Read it with compile: false.");
        return new(optimizer, loss, ReadMetrics(node.Optional("metrics"), context), ReadMetrics(node.Optional("weighted_metrics"), context));
    }

    private static Metric[] ReadMetrics(JsonNode? node, ReadContext context) =>
        [.. (node?.Items ?? []).Select(item => ComponentReader.ReadComponent(item, MetricNames.Registry, context, MetricNames.Create))];
}
