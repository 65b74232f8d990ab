using System.Numerics.Tensors;

namespace Recurrent.Activations;

/// <summary>The rectified linear unit cut off at six: <c>min(max(x, 0), 6)</c>; derivative 1 strictly between, else 0.</summary>
/// <remarks>Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.</remarks>
public sealed class Relu6 : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "relu6";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        TensorPrimitives.Max(x, 0, y);
        TensorPrimitives.Min(y[..x.Length], 6, y);
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(new InsideRule(0, 6, 1), y, dy, dx);
}
