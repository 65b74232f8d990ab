using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>The sigmoid linear unit, also called swish: <c>x · σ(x)</c>; derivative <c>σ(x) (1 + x (1 − σ(x)))</c>.</summary>
/// <remarks>
/// Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units", 2017; Ramachandran, Zoph and Le, "Searching for activation
/// functions", 2017, with β = 1.
/// </remarks>
public sealed class Silu : ActivationFunction
{
    private const int Block = 256;

    /// <inheritdoc/>
    public override string ClassName => "silu";

    /// <inheritdoc/>
    public override bool NeedsInput => true;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        Span<Real> buffer = stackalloc Real[Block];
        for (int start = 0; start < x.Length; start += Block)
        {
            ReadOnlySpan<Real> input = x.Slice(start, Math.Min(Block, x.Length - start));
            Span<Real> sigmoid = buffer[..input.Length];
            VectorMath.Sigmoid(input, sigmoid);
            VectorMath.Multiply(input, sigmoid, y.Slice(start, input.Length));
        }
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        Span<Real> buffer = stackalloc Real[Block];
        for (int start = 0; start < x.Length; start += Block)
        {
            ReadOnlySpan<Real> input = x.Slice(start, Math.Min(Block, x.Length - start));
            Span<Real> sigmoid = buffer[..input.Length];
            VectorMath.Sigmoid(input, sigmoid);
            for (int i = 0; i < input.Length; i++)
            {
                dx[start + i] = dy[start + i] * (sigmoid[i] * (1 + (input[i] * (1 - sigmoid[i]))));
            }
        }
    }
}
