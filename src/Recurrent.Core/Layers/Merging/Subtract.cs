using System.Numerics.Tensors;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>Takes the second input from the first: <c>y = x_1 − x_2</c>; backward <c>dx_1 = dy</c>, <c>dx_2 = −dy</c>.</summary>
/// <remarks>Takes two inputs. Shapes and masks as for every <see cref="ElementwiseMerge"/>. Keras's
/// keras.layers.Subtract.</remarks>
public sealed class Subtract : ElementwiseMerge
{
    /// <summary>Creates the layer.</summary>
    /// <param name="name">Name of the layer; null takes one from the model: <c>subtract</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    public Subtract(string? name = null, bool trainable = true)
        : base(name, trainable)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Subtract";

    private protected override int MostInputs => 2;

    internal static Subtract Read(ConfigReader config) =>
        new(config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };

    internal override void Combine(IReadOnlyList<DenseMatrix> inputs, Span<Real> output)
    {
        TensorPrimitives.Subtract(inputs[0].Values, inputs[1].Values, output);
    }

    internal override void CombineBack(
        IReadOnlyList<DenseMatrix> inputs, ReadOnlySpan<Real> output, int index, ReadOnlySpan<Real> dy, Span<Real> dx)
    {
        if (index == 0)
        {
            dy.CopyTo(dx);
        }
        else
        {
            TensorPrimitives.Negate(dy, dx);
        }
    }
}
