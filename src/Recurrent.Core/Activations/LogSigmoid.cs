using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>The logarithm of the logistic function, <c>−log(1 + exp(−x))</c>; derivative <c>σ(−x) = 1 − exp(y)</c>.</summary>
public sealed class LogSigmoid : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "log_sigmoid";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) => VectorMath.LogSigmoid(x, y[..x.Length]);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        for (int i = 0; i < y.Length; i++)
        {
            dx[i] = dy[i] * (Real)(-StableMath.ExpM1(y[i]));
        }
    }
}
