using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>
/// Logarithms of the softmax over the feature axis: <c>yᵢ = xᵢ − log Σⱼ exp(xⱼ)</c>; gradient <c>dx = dy − exp(y) Σ dy</c>.
/// </summary>
/// <remarks>The largest entry of each column is subtracted first, so that nothing overflows.</remarks>
public sealed class LogSoftmax : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "log_softmax";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) =>
        VectorMath.LogSoftmaxColumns(x, y[..x.Length], rows);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        for (int start = 0; start < y.Length; start += rows)
        {
            Real sum = (Real)Sums.Of(dy.Slice(start, rows));
            for (int i = start; i < start + rows; i++)
            {
                dx[i] = dy[i] - (RealMath.Exp(y[i]) * sum);
            }
        }
    }
}
