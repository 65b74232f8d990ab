using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>
/// The exponential linear unit: <c>x</c> above 0, <c>α (exp(x) − 1)</c> up to it; derivative 1 above 0, <c>y + α</c> up to it.
/// </summary>
/// <remarks>
/// Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units", ICLR 2016.
/// </remarks>
public sealed class Elu : ScalarActivation
{
    private readonly double alpha;

    /// <summary>Creates the activation.</summary>
    /// <param name="alpha">The value approached far below 0 is −α; at least 0, default 1.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public Elu(double alpha = 1)
    {
        new OptionCheck(ClassName).AtLeast("alpha", alpha, 0).ThrowIfAny();
        this.alpha = alpha;
    }

    /// <inheritdoc/>
    public override string ClassName => "elu";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override Config GetConfig() => Changed(("alpha", alpha, 1.0));

    /// <inheritdoc/>
    protected override Real Value(Real x) => x > 0 ? x : (Real)(alpha * StableMath.ExpM1(x));

    /// <inheritdoc/>
    protected override Real Slope(Real at) => at > 0 ? 1 : at + (Real)alpha;
}
