using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>Multiplies its inputs entry by entry: <c>y = Π x_i</c>; backward <c>dx_i = dy ∘ Π_{j≠i} x_j</c>.</summary>
/// <remarks>A gate is <c>new Multiply().Call(x, gate)</c>. Shapes and masks as for every <see cref="ElementwiseMerge"/>: a step
/// that a mask hides counts as 1, and where all inputs hide it the output is 0. Keras's keras.layers.Multiply.</remarks>
public sealed class Multiply : ElementwiseMerge
{
    /// <summary>Creates the layer.</summary>
    /// <param name="name">Name of the layer; null takes one from the model: <c>multiply</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    public Multiply(string? name = null, bool trainable = true)
        : base(name, trainable)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Multiply";

    internal static Multiply Read(ConfigReader config) =>
        new(config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };

    internal override Real? Neutral => 1;

    internal override bool IsZeroWithoutData => true;

    internal override void Combine(IReadOnlyList<DenseMatrix> inputs, Span<Real> output)
    {
        inputs[0].Values.CopyTo(output);
        for (int i = 1; i < inputs.Count; i++)
        {
            VectorMath.Multiply(output, inputs[i].Values, output);
        }
    }

    internal override void CombineBack(
        IReadOnlyList<DenseMatrix> inputs, ReadOnlySpan<Real> output, int index, ReadOnlySpan<Real> dy, Span<Real> dx)
    {
        dy.CopyTo(dx);
        for (int i = 0; i < inputs.Count; i++)
        {
            if (i != index)
            {
                VectorMath.Multiply(dx, inputs[i].Values, dx);
            }
        }
    }
}
