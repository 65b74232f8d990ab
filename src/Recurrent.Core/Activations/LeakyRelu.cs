using System.Numerics;
using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>The leaky rectified linear unit: <c>x</c> above 0, <c>negative_slope · x</c> up to it.</summary>
/// <remarks>
/// The derivative at 0 is the one from below. The default slope, 0.2, is that of Keras's function; its layer LeakyReLU has 0.3.
/// Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
/// </remarks>
public sealed class LeakyRelu : ActivationFunction
{
    private readonly double negativeSlope;

    /// <summary>Creates the activation.</summary>
    /// <param name="negativeSlope">Slope for negative arguments, at least 0; default 0.2.</param>
    /// <exception cref="ArgumentException">The slope is negative or not finite.</exception>
    public LeakyRelu(double negativeSlope = 0.2)
    {
        new OptionCheck(ClassName).AtLeast("negative_slope", negativeSlope, 0).ThrowIfAny();
        this.negativeSlope = negativeSlope;
    }

    /// <inheritdoc/>
    public override string ClassName => "leaky_relu";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) => ChainRule.Sweep(Slopes, x, x, y);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(Slopes, y, dy, dx);

    /// <inheritdoc/>
    public override Config GetConfig() => Changed(("negative_slope", negativeSlope, 0.2));

    private Rule Slopes => new((Real)negativeSlope);

    // f(x) = x · f′(x), so one rule serves both ways.
    private readonly struct Rule(Real negativeSlope) : IChainRule
    {
        public Real Apply(Real y, Real dy) => y > 0 ? dy : dy * negativeSlope;

        public Vector<Real> Apply(Vector<Real> y, Vector<Real> dy) =>
            Vector.ConditionalSelect(Vector.GreaterThan(y, Vector<Real>.Zero), dy, dy * negativeSlope);
    }
}
