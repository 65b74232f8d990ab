using System.Numerics.Tensors;

namespace Recurrent.Activations;

/// <summary>
/// A piecewise linear sigmoid: <c>x/6 + 1/2</c> cut off at 0 and 1; derivative 1/6 for <c>−3 &lt; x &lt; 3</c>, else 0.
/// </summary>
/// <remarks>This is the form of Keras 3 and PyTorch. Keras 2 had <c>0.2 x + 0.5</c>, which gives other numbers.</remarks>
public sealed class HardSigmoid : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "hard_sigmoid";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        y = y[..x.Length];
        TensorPrimitives.Divide(x, 6, y);
        TensorPrimitives.Add(y, (Real)0.5, y);
        TensorPrimitives.Max(y, 0, y);
        TensorPrimitives.Min(y, 1, y);
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(new InsideRule(0, 1, 1 / (Real)6), y, dy, dx);
}
