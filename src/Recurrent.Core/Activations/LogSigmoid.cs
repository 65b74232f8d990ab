using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>The logarithm of the logistic function, <c>−log(1 + exp(−x))</c>; derivative <c>σ(−x) = 1 − exp(y)</c>.</summary>
public sealed class LogSigmoid : ScalarActivation
{
    /// <inheritdoc/>
    public override string ClassName => "log_sigmoid";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    protected override Real Value(Real x) => (Real)(-StableMath.Softplus(-x));

    /// <inheritdoc/>
    protected override Real Slope(Real at) => (Real)(-StableMath.ExpM1(at));
}
