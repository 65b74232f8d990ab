namespace Recurrent.Activations;

/// <summary>An activation that treats every value by itself, given as a function of one number and its slope.</summary>
/// <remarks>Those that layers use most are written over whole spans instead.</remarks>
public abstract class ScalarActivation : ActivationFunction
{
    /// <inheritdoc/>
    public sealed override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = Value(x[i]);
        }
    }

    /// <inheritdoc/>
    public sealed override void Backward(
        ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        ReadOnlySpan<Real> at = NeedsInput ? x : y;
        for (int i = 0; i < at.Length; i++)
        {
            dx[i] = dy[i] * Slope(at[i]);
        }
    }

    /// <summary>The function f.</summary>
    /// <param name="x">The argument.</param>
    protected abstract Real Value(Real x);

    /// <summary>The derivative f′.</summary>
    /// <param name="at">
    /// The argument x where <see cref="ActivationFunction.NeedsInput"/> is true; otherwise the value f(x).
    /// </param>
    protected abstract Real Slope(Real at);
}
