using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The learning rate falls along half a cosine: <c>initial ((1 − α) ½ (1 + cos(π t / steps)) + α)</c> at update
/// <c>t</c>.</summary>
/// <remarks>
/// With a warm-up target the rate first rises in a line from <c>initial</c> to the target, and the decay starts from there.
/// Loshchilov and Hutter, 2016: SGDR, without restarts.
/// </remarks>
public sealed class CosineDecay : LearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initialLearningRate">The learning rate of the first update, at least 0.</param>
    /// <param name="decaySteps">Number of updates of the decay, at least 1.</param>
    /// <param name="alpha">What is left at the end, as a share; at least 0, default 0.</param>
    /// <param name="warmupTarget">The learning rate at the end of the warm-up; default no warm-up.</param>
    /// <param name="warmupSteps">Number of updates of the warm-up, at least 0; default 0.</param>
    /// <param name="name">Name of the schedule; default <c>CosineDecay</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public CosineDecay(
        double initialLearningRate,
        int decaySteps,
        double alpha = 0,
        double? warmupTarget = null,
        int warmupSteps = 0,
        string? name = null)
        : base(name ?? "CosineDecay")
    {
        new OptionCheck(ClassName)
            .AtLeast(nameof(initialLearningRate), initialLearningRate, 0)
            .Positive(nameof(decaySteps), decaySteps)
            .AtLeast(nameof(alpha), alpha, 0)
            .AtLeast(nameof(warmupTarget), warmupTarget ?? 0, 0)
            .AtLeast(nameof(warmupSteps), warmupSteps, 0)
            .ThrowIfAny();
        InitialLearningRate = initialLearningRate;
        DecaySteps = decaySteps;
        Alpha = alpha;
        WarmupTarget = warmupTarget;
        WarmupSteps = warmupSteps;
    }

    /// <inheritdoc/>
    public override string ClassName => "CosineDecay";

    /// <summary>The learning rate of the first update.</summary>
    public double InitialLearningRate { get; }

    /// <summary>Number of updates of the decay.</summary>
    public int DecaySteps { get; }

    /// <summary>What is left at the end, as a share.</summary>
    public double Alpha { get; }

    /// <summary>The learning rate at the end of the warm-up, or null.</summary>
    public double? WarmupTarget { get; }

    /// <summary>Number of updates of the warm-up.</summary>
    public int WarmupSteps { get; }

    /// <inheritdoc/>
    public override double At(long step)
    {
        if (WarmupTarget is double target)
        {
            return step < WarmupSteps
                ? ((target - InitialLearningRate) * step / WarmupSteps) + InitialLearningRate
                : target * Left(step - WarmupSteps);
        }

        return InitialLearningRate * Left(step);
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "initial_learning_rate", InitialLearningRate },
        { "decay_steps", DecaySteps },
        { "alpha", Alpha },
        { "name", Name },
        { "warmup_target", WarmupTarget },
        { "warmup_steps", WarmupSteps },
    };

    private double Left(long step)
    {
        double cosine = 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, DecaySteps) / DecaySteps));
        return ((1 - Alpha) * cosine) + Alpha;
    }
}
