using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Serialization;

/// <summary>Reads what <c>keras.Model.to_json</c> writes of a Sequential or a Functional model, or its <c>config</c>
/// alone.</summary>
internal static class ArchitectureReader
{
    /// <summary>Reads a model and makes its layers, which are not built yet.</summary>
    /// <param name="node">The model.</param>
    /// <param name="compile">Whether to read what it was compiled for.</param>
    /// <param name="context">What the whole document shares.</param>
    /// <exception cref="ModelFormatException">It is not a model of layers that there are here.</exception>
    public static Architecture Read(JsonNode node, bool compile, ReadContext context)
    {
        FileFormat.RequireNone(node);
        node = Keras2.Read(node);
        Architecture model = !node.Entries.ContainsKey("class_name") && node.Entries.ContainsKey("layers")
            ? ReadConfig(node, IsGraph(node), null, context)
            : ReadModel(node, context);
        GraphReader.RequireFew(model, context.Limits);
        return model with
        {
            Compile = compile && node.Optional("compile_config") is { } compiled ? CompileReader.Read(compiled, context) : null,
        };
    }

    /// <summary>Whether a node is a model, and not a layer.</summary>
    public static bool IsModel(JsonNode node) =>
        node.Value is Dictionary<string, object?> entries && entries.GetValueOrDefault("class_name") is "Sequential"
            or "Functional" or "Model";

    /// <summary>Reads a layer of a model, which may be a model itself.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="context">What the whole document shares.</param>
    /// <param name="options">Further options, which stand elsewhere in the document; or null.</param>
    public static LayerEntry ReadEntry(JsonNode node, ReadContext context, Config? options = null) => IsModel(node)
        ? new(null, ReadModel(node, context), []) { Path = node.Path }
        : context.WithInside(() => new(ComponentReader.ReadLayer(node, context, options), null, []) { Path = node.Path });

    /// <summary>Reads a model, and not a layer.</summary>
    public static Architecture ReadModel(JsonNode node, ReadContext context)
    {
        node.Allow("module", "class_name", "config", "registered_name", "build_config", "compile_config", "shared_object_id");
        JsonNode className = node["class_name"];
        string name = className.Text();
        if (node.Optional("module") is { } module && !Kinds.IsKnownModule(module.Text()))
        {
            throw module.Fail($"'{name}' is of the module '{module.Text()}', whose code is not in this library.");
        }

        if (!IsModel(node))
        {
            throw className.Fail($"'{name}' is not supported: a model is a Sequential or a Functional.");
        }

        return ReadConfig(node["config"], name != "Sequential", BuildShape(node.Optional("build_config")), context);
    }

    private static bool IsGraph(JsonNode config) => config.Entries.ContainsKey("input_layers")
        || config.Entries.ContainsKey("output_layers");

    private static Architecture ReadConfig(JsonNode config, bool isGraph, Shape? buildShape, ReadContext context)
    {
        config.Allow(isGraph
            ? ["name", "trainable", "dtype", "layers", "input_layers", "output_layers"]
            : ["name", "trainable", "dtype", "layers", "build_input_shape"]);
        string name = config.Optional("name")?.Text() ?? (isGraph ? "functional" : "sequential");
        if (string.IsNullOrWhiteSpace(name))
        {
            throw config["name"].Fail("the name of the model is blank.");
        }

        bool trainable = config.Optional("trainable")?.Flag() ?? true;
        if (config.Optional("dtype") is { } policy)
        {
            ComponentReader.CheckPolicy(policy);
        }

        context.CountLayers(config["layers"]);
        Architecture model = isGraph ? GraphReader.Read(name, config, context) : ReadRow(name, config, buildShape, context);
        return model with { Trainable = trainable, Path = config.Path };
    }

    private static Architecture ReadRow(string name, JsonNode config, Shape? buildShape, ReadContext context)
    {
        Shape? shape = config.Optional("build_input_shape") is { } built ? SampleShape(built) : buildShape;
        LayerEntry[] layers = [.. config["layers"].Items.Select(item => ReadShared(item, context))];
        Input? input = layers.Length > 0 ? layers[0].Layer as Input : null;
        int inputs = input is null ? 0 : 1;
        if (Array.FindIndex(layers, inputs, entry => entry.Layer is Input) is int second && second >= 0)
        {
            throw new ModelFormatException(layers[second].Path, "an InputLayer comes first, and only once.");
        }

        if (input is not null && shape is not null && !shape.Equals(input.DeclaredInputShape))
        {
            throw config.Fail($"the input layer declares {input.DeclaredInputShape}, but the model was built for {shape}.");
        }

        return new(name, layers[inputs..])
        {
            Input = input,
            InputShape = input?.DeclaredInputShape ?? shape ?? (layers.Length > 0 ? layers[0].Model?.InputShape : null),
            BatchSize = input?.BatchSize,
        };
    }

    private static LayerEntry ReadShared(JsonNode node, ReadContext context)
    {
        if (context.FindShared(node) is { } known)
        {
            return known;
        }

        LayerEntry entry = ReadEntry(node, context);
        context.Share(node, entry);
        return entry;
    }

    private static Shape? BuildShape(JsonNode? build) =>
        build?.Allow("input_shape").Optional("input_shape") is { } shape ? SampleShape(shape) : null;

    private static Shape SampleShape(JsonNode node)
    {
        int?[] axes = node.Axes();
        return axes.Length > 0 ? new(axes[1..]) : throw node.Fail("the shape has no batch axis.");
    }
}
