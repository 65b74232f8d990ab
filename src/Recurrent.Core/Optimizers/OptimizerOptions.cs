namespace Recurrent.Optimizers;

/// <summary>The options that every optimizer has, as one value.</summary>
/// <param name="WeightDecay">Share of the weights, times the learning rate, that is taken off before each step; null for
/// none.</param>
/// <param name="ClipNorm">Greatest length of the gradient of one parameter, or null.</param>
/// <param name="ClipValue">Greatest size of an entry of a gradient, or null.</param>
/// <param name="GlobalClipNorm">Greatest length of all gradients together, or null. Only one of the three can be set.</param>
/// <param name="UseEma">Whether a running mean of the weights is kept, which they are set to when training ends.</param>
/// <param name="EmaMomentum">How slowly the running mean of the weights forgets, in [0, 1].</param>
/// <param name="EmaOverwriteFrequency">After how many updates the weights are set to their running mean, at least 1; null for
/// never before training ends.</param>
/// <param name="GradientAccumulationSteps">How many batches share one update, with the mean of their gradients, at least 2; null
/// for one.</param>
/// <param name="Name">Name of the optimizer; null for that of its kind.</param>
/// <param name="LossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided before
/// an update, so that small ones keep their digits; a positive number, best a power of 2; null for none.</param>
public sealed record OptimizerOptions(
    double? WeightDecay = null,
    double? ClipNorm = null,
    double? ClipValue = null,
    double? GlobalClipNorm = null,
    bool UseEma = false,
    double EmaMomentum = OptimizerOptions.DefaultEmaMomentum,
    int? EmaOverwriteFrequency = null,
    int? GradientAccumulationSteps = null,
    string? Name = null,
    double? LossScaleFactor = null)
{
    internal const double DefaultEmaMomentum = 0.99;

    /// <summary>Which parameters weight decay leaves alone, see
    /// <see cref="Optimizer.ExcludeFromWeightDecay(string[])"/>.</summary>
    public IReadOnlyList<string> ExcludedFromWeightDecay { get; init; } = [];

    /// <summary>Which layers or parameters learn at another rate, see
    /// <see cref="Optimizer.SetLearningRateMultiplier"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> LearningRateMultipliers { get; init; } = [];
}
