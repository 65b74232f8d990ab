namespace Recurrent.Activations;

/// <summary>
/// The piecewise quadratic swish <c>x · hard_sigmoid(x)</c>: 0 below −3, <c>x</c> above 3, <c>x (x + 3)/6</c> between.
/// </summary>
/// <remarks>
/// The derivative is 0, <c>(2 x + 3)/6</c> and 1 on the three pieces; at −3 and 3 it is the one from above.
/// Howard and others, "Searching for MobileNetV3", ICCV 2019, where it is called h-swish.
/// </remarks>
public sealed class HardSilu : ScalarActivation
{
    /// <inheritdoc/>
    public override string ClassName => "hard_silu";

    /// <inheritdoc/>
    public override bool NeedsInput => true;

    /// <inheritdoc/>
    protected override Real Value(Real x) => x <= -3 ? 0 : x < 3 ? x * (x + 3) / 6 : x;

    /// <inheritdoc/>
    protected override Real Slope(Real at) => at < -3 ? 0 : at < 3 ? ((2 * at) + 3) / 6 : 1;
}
