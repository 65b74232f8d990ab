using Recurrent.Data;

namespace Recurrent.Models;

/// <summary>Samples that make one update.</summary>
/// <param name="X">The inputs; the first axis counts samples.</param>
/// <param name="Y">The targets; null where there are none, to predict.</param>
/// <param name="SampleWeight">A weight for each sample, or for each step of each sample; null where all count once.</param>
public sealed record Batch(ModelData X, ModelData? Y = null, ModelData? SampleWeight = null)
{
    /// <summary>Inputs and targets.</summary>
    /// <param name="batch">The two.</param>
    public static implicit operator Batch((NDArray X, NDArray Y) batch) => new(batch.X, batch.Y);

    /// <summary>Inputs, targets and weights.</summary>
    /// <param name="batch">The three.</param>
    public static implicit operator Batch((NDArray X, NDArray Y, NDArray SampleWeight) batch) =>
        new(batch.X, batch.Y, batch.SampleWeight);

    /// <summary>Inputs and targets of several inputs or outputs.</summary>
    /// <param name="batch">The two.</param>
    public static implicit operator Batch((ModelData X, ModelData Y) batch) => new(batch.X, batch.Y);

    /// <summary>Rows of a table.</summary>
    /// <param name="batch">The rows.</param>
    public static implicit operator Batch(RowBatch batch) => batch is null ? null!
        : new(batch.X, batch.Y, batch.SampleWeight);

    /// <summary>Windows over series.</summary>
    /// <param name="batch">The windows.</param>
    public static implicit operator Batch(WindowBatch batch) => batch is null ? null! : new(batch.X, batch.Y);
}
