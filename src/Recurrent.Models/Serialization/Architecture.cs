using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;
using Recurrent.Shapes;

namespace Recurrent.Serialization;

/// <summary>What Keras's <c>to_json</c> says of a model: one whose layers stand in a row, or a graph.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Layers">The layers; of a graph with its inputs, of a row without.</param>
internal sealed record Architecture(string Name, IReadOnlyList<LayerEntry> Layers)
{
    /// <summary>Whether training changes the model.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>Inputs and outputs of a graph; null where the layers stand in a row.</summary>
    public GraphEnds? Ends { get; init; }

    /// <summary>The input layer of a row, or null.</summary>
    public Input? Input { get; init; }

    /// <summary>Shape of a sample of the (first) input, or null where it is not known.</summary>
    public Shape? InputShape { get; init; }

    /// <summary>The one batch size that the model is meant for, or null.</summary>
    public int? BatchSize { get; init; }

    /// <summary>What the model is compiled for, or null.</summary>
    public CompileSettings? Compile { get; init; }

    /// <summary>What a graph that has been read computes beside its layers.</summary>
    public IReadOnlyList<OperationEntry> Operations { get; init; } = [];

    /// <summary>To write the outermost model: numbers of the layers that stand in several places.</summary>
    public IReadOnlyDictionary<Layer, long> Shared { get; init; } = new Dictionary<Layer, long>();

    /// <summary>To write the outermost model: what is said of models that stand inside layers.</summary>
    public IReadOnlyDictionary<Layer, Architecture> Wrapped { get; init; } = new Dictionary<Layer, Architecture>();

    /// <summary>Where it stands in the document that it was read from.</summary>
    public string Path { get; init; } = string.Empty;
}

/// <summary>A layer of a model.</summary>
/// <param name="Layer">The layer; null for a model that has been read and is not made yet.</param>
/// <param name="Model">What is said of it where it is a model itself.</param>
/// <param name="Calls">Its uses in a graph, in order; none in a row, and none of an input.</param>
internal sealed record LayerEntry(Layer? Layer, Architecture? Model, IReadOnlyList<CallEntry> Calls)
{
    /// <summary>The models inside a layer that has been read.</summary>
    public IReadOnlyList<Architecture> Inside { get; init; } = [];

    /// <summary>Where it stands in the document that it was read from.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>Its name.</summary>
    public string Name => Layer?.Name ?? Model?.Name ?? string.Empty;
}

/// <summary>A use of a layer.</summary>
/// <param name="Inputs">What it reads, in order.</param>
internal sealed record CallEntry(IReadOnlyList<TensorPlace> Inputs)
{
    /// <summary>
    /// The masks that it has as an argument, one for each input, null for none; empty where it has no such argument.
    /// </summary>
    public IReadOnlyList<TensorPlace?> Masks { get; init; } = [];

    /// <summary>How it is written; null where that follows from the layer.</summary>
    public CallWords? Words { get; init; }

    /// <summary>Where it stands in the document that it was read from.</summary>
    public string Path { get; init; } = string.Empty;
}

/// <summary>What a graph computes beside its layers: the masks that are arguments of calls.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ClassName">What it computes: <c>NotEqual</c>.</param>
/// <param name="Options">Its config, the name aside.</param>
/// <param name="Arguments">What it is called with: places of tensors, and numbers.</param>
internal sealed record OperationEntry(
    string Name, string ClassName, IReadOnlyDictionary<string, object?> Options, IReadOnlyList<object?> Arguments)
{
    /// <summary>Where it stands in the document that it was read from.</summary>
    public string Path { get; init; } = string.Empty;
}

/// <summary>What a use of a layer gives: Keras's history of a tensor.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Call">Which of its uses, from 0 on.</param>
/// <param name="Output">Which of what it gives there, from 0 on.</param>
internal sealed record TensorPlace(string Layer, int Call, int Output)
{
    /// <summary>Shape of a sample and kind of number, for writing.</summary>
    public (Shape Shape, string DataType)? Tensor { get; init; }

    /// <summary>Where it stands in the document that it was read from.</summary>
    public string Path { get; init; } = string.Empty;
}

/// <summary>Inputs and outputs of a graph.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs.</param>
internal sealed record GraphEnds(IReadOnlyList<TensorPlace> Inputs, IReadOnlyList<TensorPlace> Outputs)
{
    /// <summary>How the inputs are written.</summary>
    public EndsForm InputForm { get; init; }

    /// <summary>How the outputs are written.</summary>
    public EndsForm OutputForm { get; init; }
}

/// <summary>How inputs or outputs of a graph are written.</summary>
internal enum EndsForm
{
    /// <summary>One as itself, more as a list.</summary>
    AsNeeded,

    /// <summary>As a list, also where there is one.</summary>
    List,

    /// <summary>By the names of their layers.</summary>
    Names,
}

/// <summary>What a model is compiled for.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Loss">The loss, or those of the outputs.</param>
/// <param name="LossWeights">How much each counts; null for 1.</param>
/// <param name="Metrics">Metrics that ignore sample weights; null for none.</param>
/// <param name="WeightedMetrics">Metrics that take them into account; null for none.</param>
internal sealed record CompileSettings(
    Optimizer Optimizer,
    PerOutput<LossChoice?> Loss,
    PerOutput<double>? LossWeights,
    PerOutput<IReadOnlyList<MetricChoice>>? Metrics,
    PerOutput<IReadOnlyList<MetricChoice>>? WeightedMetrics)
{
    /// <summary>Where it stands in the document that it was read from.</summary>
    public string Path { get; init; } = string.Empty;
}

/// <summary>One thing for all outputs of a model, or one for each, in order or by name.</summary>
/// <param name="Items">The things.</param>
/// <param name="Names">The names of their outputs; null where they are in order, or there is one.</param>
/// <param name="IsOne">Whether there is one for all.</param>
internal sealed record PerOutput<T>(IReadOnlyList<T> Items, IReadOnlyList<string>? Names, bool IsOne);
