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
    /// <param name="useEma">Whether a running mean of the weights is kept, which they are set to when training ends; default
    /// false.</param>
    /// <param name="emaMomentum">How slowly that mean forgets, in [0, 1]; default 0.99.</param>
    /// <param name="emaOverwriteFrequency">After how many updates the weights are set to that mean; default never before the
    /// end.</param>
    /// <param name="gradientAccumulationSteps">How many batches share one update, with the mean of their gradients; default
    /// one.</param>
    /// <param name="name">Name of the optimizer; default <c>adam_w</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
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
        bool useEma = false,
        double emaMomentum = OptimizerOptions.DefaultEmaMomentum,
        int? emaOverwriteFrequency = null,
        int? gradientAccumulationSteps = null,
        string? name = null,
        double? lossScaleFactor = null)
        : this(learningRate, beta1, beta2, epsilon, amsgrad,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal AdamW(LearningRateSchedule? learningRate, double beta1, double beta2, double epsilon, bool amsgrad,
        OptimizerOptions options)
        : base(learningRate, beta1, beta2, epsilon, amsgrad, options, "adam_w")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "AdamW";

    /// <inheritdoc/>
    public override Optimizer Fresh() => new AdamW(
        Schedule, Beta1, Beta2, Epsilon, Amsgrad, Options);
}
