namespace Recurrent.Optimizers;

/// <summary><see cref="Adam"/> with a decay of the weights that is kept apart from the gradient.</summary>
/// <remarks>
/// Before the step of <see cref="Adam"/>, <c>w ← w − w · decay · η</c>. Slots as in <see cref="Adam"/>.
/// Loshchilov and Hutter, 2017: Decoupled Weight Decay Regularization.
/// </remarks>
public sealed class AdamW : AdaptiveMoments
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="beta1">How slowly the mean forgets, β₁ in [0, 1); default 0.9.</param>
    /// <param name="beta2">How slowly the mean square forgets, β₂ in [0, 1); default 0.999.</param>
    /// <param name="epsilon">The small ε that keeps the divisor above 0; default 1e-7.</param>
    /// <param name="amsgrad">Whether the divisor never shrinks; default false.</param>
    /// <param name="weightDecay">Share of the weights, times the learning rate, that is taken off before each step; default
    /// 0.004.</param>
    /// <param name="clipNorm">Greatest length of the gradient of one parameter; default none.</param>
    /// <param name="clipValue">Greatest size of an entry of a gradient; default none.</param>
    /// <param name="globalClipNorm">Greatest length of all gradients together; default none. Only one of the three can be
    /// set.</param>
    /// <param name="name">Name of the optimizer; default <c>adam_w</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public AdamW(
        LearningRateSchedule? learningRate = null,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-7,
        bool amsgrad = false,
        double? weightDecay = 0.004,
        double? clipNorm = null,
        double? clipValue = null,
        double? globalClipNorm = null,
        string? name = null)
        : base(learningRate ?? 0.001, beta1, beta2, epsilon, amsgrad, weightDecay, clipNorm, clipValue,
            globalClipNorm, name ?? "adam_w")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "AdamW";

    /// <inheritdoc/>
    public override Optimizer Fresh() => new AdamW(
        Schedule, Beta1, Beta2, Epsilon, Amsgrad, WeightDecay, ClipNorm, ClipValue, GlobalClipNorm, Name);
}
