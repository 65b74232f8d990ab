using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// How what a layer gives is read outside the model, where that is not the numbers themselves: predictions and metrics see this,
/// the loss sees the output.
/// </summary>
internal abstract class OutputReading
{
    /// <summary>Entries of a column that metrics compare with targets.</summary>
    public abstract int Rows { get; }

    /// <summary>Shape of a sample of what predictions give: one number for each step.</summary>
    /// <param name="output">Shape of a sample of the output.</param>
    public virtual Shape ShapeOf(Shape output) => new(output[0]);

    /// <summary>Which class each column is; −1 for those that a mask hides.</summary>
    /// <param name="output">The output.</param>
    /// <param name="classes">Receives one number for each column.</param>
    public abstract void Read(SequenceBatch output, Span<Real> classes);

    /// <summary>Checks, before any work, the targets of a sample that no mask hides any of.</summary>
    /// <param name="target">The target of each step.</param>
    /// <param name="sample">Index of the sample, for messages.</param>
    /// <exception cref="ArgumentException">They cannot be.</exception>
    public abstract void CheckTargets(ReadOnlySpan<Real> target, int sample);
}
