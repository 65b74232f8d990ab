namespace Recurrent.Activations;

/// <summary>What tanh takes away: <c>x − tanh(x)</c>; derivative <c>tanh(x)²</c>.</summary>
public sealed class TanhShrink : ScalarActivation
{
    /// <inheritdoc/>
    public override string ClassName => "tanh_shrink";

    /// <inheritdoc/>
    public override bool NeedsInput => true;

    /// <inheritdoc/>
    protected override Real Value(Real x) => (Real)(x - Math.Tanh(x));

    /// <inheritdoc/>
    protected override Real Slope(Real at) => RealMath.Tanh(at) * RealMath.Tanh(at);
}
