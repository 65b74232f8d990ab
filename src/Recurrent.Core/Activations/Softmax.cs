using System.Numerics.Tensors;
using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>
/// Probabilities over the feature axis: <c>yᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)</c>; gradient <c>dx = y ∘ (dy − yᵀdy)</c>.
/// </summary>
/// <remarks>The largest entry of each column is subtracted first, so that nothing overflows.</remarks>
public sealed class Softmax : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "softmax";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) =>
        VectorMath.SoftmaxColumns(x, y[..x.Length], rows);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        for (int start = 0; start < y.Length; start += rows)
        {
            ReadOnlySpan<Real> probabilities = y.Slice(start, rows);
            ReadOnlySpan<Real> gradient = dy.Slice(start, rows);
            Span<Real> result = dx.Slice(start, rows);
            TensorPrimitives.Subtract(gradient, (Real)Sums.OfProducts(probabilities, gradient), result);
            TensorPrimitives.Multiply(result, probabilities, result);
        }
    }
}
