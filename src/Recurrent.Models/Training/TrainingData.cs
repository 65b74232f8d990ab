using Recurrent.Losses;

namespace Recurrent.Training;

/// <summary>Checked inputs with their targets and weights.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Targets">The targets.</param>
/// <param name="Weights">A weight for each sample, or for each step of each sample; null where all count once.</param>
/// <param name="Loss">The loss for such targets: the compiled one, resolved.</param>
internal sealed record TrainingData(Samples Inputs, Samples Targets, Samples? Weights, Loss Loss)
{
    /// <summary>Number of samples.</summary>
    public int Count => Inputs.Count;
}
