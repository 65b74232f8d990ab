using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;

namespace Recurrent.Serialization;

/// <summary>Reads Keras's <c>compile_config</c>.</summary>
internal static class CompileReader
{
    /// <summary>Reads what a model is compiled for; null where it is not.</summary>
    /// <exception cref="ModelFormatException">It says something that has no meaning here.</exception>
    public static CompileSettings? Read(JsonNode node, ReadContext context)
    {
        node.Allow(
            "optimizer",
            "optimizer_config",
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

        // What Keras's compile does where no optimizer is named.
        // Whole models in HDF5 have another key for it.
        Optimizer optimizer = (node.Optional("optimizer") ?? node.Optional("optimizer_config")) is { } named
            ? ComponentReader.ReadComponent(named, OptimizerNames.Registry, context)
            : "rmsprop";
        JsonNode loss = node.Optional("loss")
            ?? throw node.Fail("the model is compiled without a loss. Read it with compile: false.");
        return new(
            optimizer,
            Spread(loss, IsComponent, item => item.IsNull ? null : ReadLoss(item, context)),
            Weights(node.Optional("loss_weights")),
            Metrics(node.Optional("metrics"), context),
            Metrics(node.Optional("weighted_metrics"), context))
        {
            Path = node.Path,
        };
    }

    private static PerOutput<double>? Weights(JsonNode? node) =>
        node is { } weights ? Spread(weights, item => item.Value is double or long, Number) : null;

    private static PerOutput<IReadOnlyList<MetricChoice>>? Metrics(JsonNode? node, ReadContext context) => node is { } metrics
        ? Spread(metrics, IsOneList, item => MetricList(item, context))
        : null;

    /// <summary>Whether a list is of metrics, and not of lists for outputs.</summary>
    private static bool IsOneList(JsonNode node) => IsComponent(node)
        || (node.Value is List<object?> && node.Items.All(IsComponent));

    private static IReadOnlyList<MetricChoice> MetricList(JsonNode node, ReadContext context) => node.IsNull
        ? []
        : [.. (IsComponent(node) ? [node] : node.Items).Select(item => ReadMetric(item, context))];

    private static LossChoice ReadLoss(JsonNode node, ReadContext context) => IsOwn(node, context)
        ? ComponentReader.ReadComponent(node, LossNames.Registry, context)
        : ComponentReader.ReadComponent(node, LossNames.Choices, context);

    private static MetricChoice ReadMetric(JsonNode node, ReadContext context) => IsOwn(node, context)
        ? ComponentReader.ReadComponent(node, MetricNames.Registry, context)
        : ComponentReader.ReadComponent(node, MetricNames.Choices, context, name => name);

    /// <summary>Whether it is a component of the caller's own, of which there is nothing to choose.</summary>
    private static bool IsOwn(JsonNode node, ReadContext context)
    {
        object? name = node.Value is Dictionary<string, object?> entries ? entries.GetValueOrDefault("class_name") : node.Value;
        if (name is "function")
        {
            name = ((Dictionary<string, object?>)node.Value!).GetValueOrDefault("config");
        }

        return name is string own && context.Custom?.Contains(own) == true;
    }

    /// <summary>One thing, a list of them, or an object with a name for each.</summary>
    private static PerOutput<T> Spread<T>(JsonNode node, Func<JsonNode, bool> isOne, Func<JsonNode, T> read) =>
        isOne(node) ? new([read(node)], null, IsOne: true)
        : node.Value is List<object?> ? new([.. node.Items.Select(read)], null, IsOne: false)
        : new([.. node.Entries.Keys.Select(key => read(node[key]))], [.. node.Entries.Keys], IsOne: false);

    private static bool IsComponent(JsonNode node) =>
        node.Value is string || (node.Value is Dictionary<string, object?> entries && entries.ContainsKey("class_name"));

    private static double Number(JsonNode node) => node.Value switch
    {
        long whole => whole,
        double number => number,
        _ => throw node.Fail("a weight of a loss is a number."),
    };
}
