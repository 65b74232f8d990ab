using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>A function above zero everywhere: <c>x + ½</c> for <c>x ≥ 0</c>, else <c>1 / (1 + exp(−x))</c>; derivative 1, else
/// <c>y (1 − y)</c>.</summary>
/// <remarks>
/// The function g that keeps the candidates of minGRU and minLSTM positive, so that the recurrence can be computed with
/// logarithms: Feng, Tung, Ahmed, Bengio and Hajimirsadeghi, "Were RNNs all we needed?", 2024, appendix B. Its derivative jumps
/// at 0 from ¼ to 1.
/// </remarks>
public sealed class SoftPositive : ScalarActivation
{
    /// <inheritdoc/>
    public override string ClassName => "soft_positive";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    protected override Real Value(Real x) => x >= 0 ? x + (Real)0.5 : (Real)StableMath.Sigmoid(x);

    /// <inheritdoc/>
    protected override Real Slope(Real at) => at >= (Real)0.5 ? 1 : at * (1 - at);
}
