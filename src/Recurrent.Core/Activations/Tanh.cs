using System.Numerics.Tensors;

namespace Recurrent.Activations;

/// <summary>The hyperbolic tangent; derivative <c>1 − y²</c>.</summary>
public sealed class Tanh : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "tanh";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) => TensorPrimitives.Tanh(x, y);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        for (int i = 0; i < y.Length; i++)
        {
            dx[i] = dy[i] * (1 - (y[i] * y[i]));
        }
    }
}
