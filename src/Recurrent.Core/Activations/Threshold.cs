using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>Replaces small values: <c>x</c> where <c>x &gt; threshold</c>, else a constant; derivative 1 and 0.</summary>
/// <remarks>In Keras both options are required; here they default to 0, which is ReLU.</remarks>
public sealed class Threshold : ScalarActivation
{
    private readonly double threshold;
    private readonly double defaultValue;

    /// <summary>Creates the activation.</summary>
    /// <param name="threshold">Up to this value the input is replaced; default 0.</param>
    /// <param name="defaultValue">What replaces it; default 0.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public Threshold(double threshold = 0, double defaultValue = 0)
    {
        new OptionCheck(ClassName).Finite("threshold", threshold).Finite("default_value", defaultValue).ThrowIfAny();
        this.threshold = threshold;
        this.defaultValue = defaultValue;
    }

    /// <inheritdoc/>
    public override string ClassName => "threshold";

    /// <inheritdoc/>
    public override bool NeedsInput => true;

    /// <inheritdoc/>
    public override Config GetConfig() => Changed(("threshold", threshold, 0.0), ("default_value", defaultValue, 0.0));

    /// <inheritdoc/>
    protected override Real Value(Real x) => x <= (Real)threshold ? (Real)defaultValue : x;

    /// <inheritdoc/>
    protected override Real Slope(Real at) => at > (Real)threshold ? 1 : 0;
}
