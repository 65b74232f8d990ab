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

    /// <summary>Inputs, targets and sample weights.</summary>
    /// <param name="data">The three.</param>
    public static implicit operator ValidationData((NDArray X, NDArray Y, NDArray SampleWeight) data) =>
        new(data.X, data.Y, data.SampleWeight);

    /// <summary>Inputs and targets, as F# writes a pair: <c>(x, y)</c>.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator ValidationData(Tuple<NDArray, NDArray> data) => data is null ? null!
        : new(data.Item1, data.Item2);

    /// <summary>Inputs, targets and sample weights, as F# writes three: <c>(x, y, weights)</c>.</summary>
    /// <param name="data">The three.</param>
    public static implicit operator ValidationData(Tuple<NDArray, NDArray, NDArray> data) =>
        data is null ? null! : new(data.Item1, data.Item2, data.Item3);

    /// <summary>Sequences of unequal length with their targets, as F# writes a pair.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator ValidationData(Tuple<RaggedSequences, RaggedSequences> data) =>
        data is null ? null! : new(data.Item1, data.Item2);

    /// <summary>Inputs and targets of several inputs or outputs, as F# writes a pair.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator ValidationData(Tuple<ModelData, ModelData> data) => data is null ? null!
        : new(data.Item1, data.Item2);

    /// <summary>Inputs and targets of several inputs or outputs.</summary>
    /// <param name="data">The two.</param>
    public static implicit operator ValidationData((ModelData X, ModelData Y) data) => new(data.X, data.Y);
}
