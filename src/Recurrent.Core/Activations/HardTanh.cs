using System.Numerics.Tensors;

namespace Recurrent.Activations;

/// <summary>The identity cut off at −1 and 1; derivative 1 strictly between, else 0.</summary>
public sealed class HardTanh : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "hard_tanh";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        TensorPrimitives.Max(x, -1, y);
        TensorPrimitives.Min(y[..x.Length], 1, y);
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(new InsideRule(-1, 1, 1), y, dy, dx);
}
