namespace Recurrent.Models;

/// <summary>Data on which a model is evaluated after each epoch and never trained.</summary>
/// <param name="X">The inputs.</param>
/// <param name="Y">The targets.</param>
/// <param name="SampleWeight">Sample weights, or null.</param>
public sealed record ValidationData(NDArray X, NDArray Y, NDArray? SampleWeight = null)
{
    /// <summary>Inputs and targets.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator ValidationData((NDArray X, NDArray Y) data) => new(data.X, data.Y);
}
