namespace Recurrent.Models;

/// <summary>Data on which a model is evaluated after each epoch and never trained.</summary>
/// <param name="X">The inputs.</param>
/// <param name="Y">The targets.</param>
/// <param name="SampleWeight">Sample weights, or null.</param>
public sealed record ValidationData(ModelData X, ModelData Y, ModelData? SampleWeight = null)
{
    /// <summary>Inputs and targets.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator ValidationData((NDArray X, NDArray Y) data) => new(data.X, data.Y);

    /// <summary>Sequences of unequal length with their targets.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator ValidationData((RaggedSequences X, RaggedSequences Y) data) => new(data.X, data.Y);

    /// <summary>Inputs and targets of several inputs or outputs.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator ValidationData((ModelData X, ModelData Y) data) => new(data.X, data.Y);
}
