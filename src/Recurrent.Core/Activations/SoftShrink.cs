using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>
/// Shrinks towards 0 by a threshold: <c>x − t</c> above t, <c>x + t</c> below −t, else 0; derivative 1 where y ≠ 0, else 0.
/// </summary>
public sealed class SoftShrink : ScalarActivation
{
    private readonly double threshold;

    /// <summary>Creates the activation.</summary>
    /// <param name="threshold">The threshold t, at least 0; default 0.5.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public SoftShrink(double threshold = 0.5)
    {
        new OptionCheck(ClassName).AtLeast("threshold", threshold, 0).ThrowIfAny();
        this.threshold = threshold;
    }

    /// <inheritdoc/>
    public override string ClassName => "soft_shrink";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override Config GetConfig() => Changed(("threshold", threshold, 0.5));

    /// <inheritdoc/>
    protected override Real Value(Real x) =>
        RealMath.Abs(x) <= (Real)threshold ? 0 : x - RealMath.CopySign((Real)threshold, x);

    /// <inheritdoc/>
    protected override Real Slope(Real at) => at == 0 ? 0 : 1;
}
