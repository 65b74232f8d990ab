using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>The smooth rectifier <c>log(1 + exp(x))</c>; derivative <c>σ(x) = 1 − exp(−y)</c>.</summary>
/// <remarks>Dugas, Bengio, Bélisle, Nadeau and Garcia, "Incorporating second-order functional knowledge", NIPS 2000.</remarks>
public sealed class Softplus : ScalarActivation
{
    /// <inheritdoc/>
    public override string ClassName => "softplus";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    protected override Real Value(Real x) => (Real)StableMath.Softplus(x);

    /// <inheritdoc/>
    protected override Real Slope(Real at) => (Real)(-StableMath.ExpM1(-at));
}
