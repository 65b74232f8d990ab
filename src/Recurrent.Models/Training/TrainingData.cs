namespace Recurrent.Training;

/// <summary>Checked inputs with their targets and weights.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Targets">The targets.</param>
/// <param name="Weights">A weight for each sample, or for each step of each sample; null where all count once.</param>
internal sealed record TrainingData(SampleArray Inputs, SampleArray Targets, SampleArray? Weights)
{
    /// <summary>Number of samples.</summary>
    public int Count => Inputs.Count;
}
