using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>
/// The scaled exponential linear unit: <c>s x</c> above 0, <c>s α (exp(x) − 1)</c> up to it, with s = 1.0507… and α = 1.6733….
/// </summary>
/// <remarks>
/// The derivative is s above 0 and <c>y + s α</c> up to it. The two constants keep mean 0 and variance 1 from layer to layer.
/// Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", NeurIPS 2017.
/// </remarks>
public sealed class Selu : ScalarActivation
{
    private const double Alpha = 1.6732632423543772848170429916717;
    private const double Scale = 1.0507009873554804934193349852946;

    /// <inheritdoc/>
    public override string ClassName => "selu";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    protected override Real Value(Real x) => x > 0 ? (Real)Scale * x : (Real)(Scale * Alpha * StableMath.ExpM1(x));

    /// <inheritdoc/>
    protected override Real Slope(Real at) => at > 0 ? (Real)Scale : at + (Real)(Scale * Alpha);
}
