using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>
/// The continuously differentiable exponential linear unit: <c>x</c> above 0, <c>α (exp(x/α) − 1)</c> up to it.
/// </summary>
/// <remarks>
/// The derivative is 1 above 0 and <c>y/α + 1</c> up to it. Barron, "Continuously differentiable exponential linear units",
/// 2017.
/// </remarks>
public sealed class Celu : ScalarActivation
{
    private readonly double alpha;

    /// <summary>Creates the activation.</summary>
    /// <param name="alpha">The value approached far below 0 is −α; above 0, default 1.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public Celu(double alpha = 1)
    {
        new OptionCheck(ClassName).Above("alpha", alpha, 0).ThrowIfAny();
        this.alpha = alpha;
    }

    /// <inheritdoc/>
    public override string ClassName => "celu";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override Config GetConfig() => Changed(("alpha", alpha, 1.0));

    /// <inheritdoc/>
    protected override Real Value(Real x) => x > 0 ? x : (Real)(alpha * StableMath.ExpM1(x / alpha));

    /// <inheritdoc/>
    protected override Real Slope(Real at) => at > 0 ? 1 : (Real)((at / alpha) + 1);
}
