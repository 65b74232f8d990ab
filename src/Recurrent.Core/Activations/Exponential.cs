using System.Numerics.Tensors;
using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>The exponential <c>exp(x)</c>, its own derivative.</summary>
public sealed class Exponential : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "exponential";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) => VectorMath.Exp(x, y[..x.Length]);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        TensorPrimitives.Multiply(dy, y, dx);
}
