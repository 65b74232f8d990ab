namespace Recurrent.Activations;

/// <summary>The softsign <c>x / (1 + |x|)</c>; derivative <c>1 / (1 + |x|)² = (1 − |y|)²</c>.</summary>
/// <remarks>Turian, Bergstra and Bengio, "Quadratic features and deep architectures for chunking", NAACL 2009.</remarks>
public sealed class Softsign : ScalarActivation
{
    /// <inheritdoc/>
    public override string ClassName => "softsign";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    protected override Real Value(Real x) => x / (1 + RealMath.Abs(x));

    /// <inheritdoc/>
    protected override Real Slope(Real at) => (1 - RealMath.Abs(at)) * (1 - RealMath.Abs(at));
}
