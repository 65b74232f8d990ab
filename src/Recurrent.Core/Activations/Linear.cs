namespace Recurrent.Activations;

/// <summary>The identity: <c>f(x) = x</c>.</summary>
public sealed class Linear : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "linear";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) => x.CopyTo(y);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        dy.CopyTo(dx);
}
