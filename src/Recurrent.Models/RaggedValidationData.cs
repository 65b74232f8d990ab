namespace Recurrent.Models;

/// <summary>Sequences of unequal length on which a model is evaluated after each epoch and never trained.</summary>
/// <param name="X">The inputs.</param>
/// <param name="Y">The targets, one for each input or for each of its steps.</param>
/// <param name="SampleWeight">A weight for each sample, or for each step of each sample; or null.</param>
public sealed record RaggedValidationData(RaggedSequences X, RaggedSequences Y, RaggedSequences? SampleWeight = null)
{
    /// <summary>Inputs and targets.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator RaggedValidationData((RaggedSequences X, RaggedSequences Y) data) => new(data.X, data.Y);
}
