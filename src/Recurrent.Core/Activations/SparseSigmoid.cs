using System.Numerics.Tensors;

namespace Recurrent.Activations;

/// <summary>
/// The sigmoid that reaches 0 and 1: <c>(x + 1)/2</c> cut off at 0 and 1; derivative 1/2 for <c>−1 &lt; x &lt; 1</c>, else 0.
/// </summary>
/// <remarks>
/// The two-class sparsemax. Blondel, Martins and Niculae, "Learning classifiers with Fenchel–Young losses", AISTATS 2019.
/// </remarks>
public sealed class SparseSigmoid : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "sparse_sigmoid";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        y = y[..x.Length];
        TensorPrimitives.Add(x, 1, y);
        TensorPrimitives.Multiply(y, (Real)0.5, y);
        TensorPrimitives.Max(y, 0, y);
        TensorPrimitives.Min(y, 1, y);
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(new InsideRule(0, 1, (Real)0.5), y, dy, dx);
}
