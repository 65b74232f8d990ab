using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Checked inputs with their targets and weights.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">For each output of the model what its loss needs; null where it has none.</param>
internal sealed record TrainingData(SampleSet Inputs, IReadOnlyList<OutputData?> Outputs)
{
    /// <summary>Number of samples.</summary>
    public int Count => Inputs.Count;

    /// <summary>Some of the samples, which follow one another; the values are shared.</summary>
    public TrainingData Slice(int start, int count) => new(
        Inputs.Slice(start, count),
        [.. Outputs.Select(output => output is null ? null : output with
        {
            Targets = output.Targets.Slice(start, count),
            Weights = output.Weights?.Slice(start, count),
        })]);
}

/// <summary>What the loss at one output of a model is computed from.</summary>
/// <param name="Targets">The targets.</param>
/// <param name="Weights">A weight for each sample, or for each step of each sample; null where all count once.</param>
/// <param name="Loss">The loss for such targets: the compiled one, resolved.</param>
/// <param name="Shape">Shape of a sample of the output; its first axis is unknown where sequences are of unequal length.</param>
/// <param name="LossWeight">How much the loss counts beside those of other outputs.</param>
internal sealed record OutputData(Samples Targets, Samples? Weights, Loss Loss, Shape Shape, double LossWeight = 1)
{
    /// <summary>How the output is read outside the model; null as the numbers that it is.</summary>
    public OutputReading? Reading { get; init; }

    /// <summary>Number of outputs of the model at a step, as metrics compare them with targets.</summary>
    public int Rows => Reading?.Rows ?? Shape.Features;
}
