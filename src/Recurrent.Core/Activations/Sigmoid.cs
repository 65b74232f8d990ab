using System.Numerics.Tensors;

namespace Recurrent.Activations;

/// <summary>The logistic function <c>1 / (1 + exp(−x))</c>; derivative <c>y (1 − y)</c>.</summary>
public sealed class Sigmoid : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "sigmoid";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) => TensorPrimitives.Sigmoid(x, y);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        for (int i = 0; i < y.Length; i++)
        {
            dx[i] = dy[i] * y[i] * (1 - y[i]);
        }
    }
}
