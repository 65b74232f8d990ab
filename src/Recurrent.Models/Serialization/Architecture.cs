using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;
using Recurrent.Shapes;

namespace Recurrent.Serialization;

/// <summary>What Keras's <c>to_json</c> says of a model.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Input">Its input layer, or null.</param>
/// <param name="InputShape">Shape of a sample, or null where it is not known.</param>
/// <param name="Layers">The layers without the input layer.</param>
/// <param name="Compile">What the model is compiled for, or null.</param>
internal sealed record Architecture(
    string Name, Input? Input, Shape? InputShape, IReadOnlyList<Layer> Layers, CompileSettings? Compile)
{
    /// <summary>Where the layers stand in the document that this was read from.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <summary>What a model is compiled for.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Metrics">Metrics that ignore sample weights.</param>
/// <param name="WeightedMetrics">Metrics that take them into account.</param>
internal sealed record CompileSettings(
    Optimizer Optimizer, Loss Loss, IReadOnlyList<Metric> Metrics, IReadOnlyList<Metric> WeightedMetrics);
