using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The learning rate rises from a small value before another schedule, or a constant rate, begins.</summary>
/// <remarks>
/// <c>initial + (target − initial)(t / steps)^power</c> at update <c>t</c> below <c>steps</c>, where the target is what follows
/// begins with; then what follows, from its own first update on. Goyal et al., 2017: Accurate, Large Minibatch SGD.
/// </remarks>
/// <example><code>new Adam(new WarmUp(new CosineDecay(1e-3, 1000), warmupSteps: 100))</code></example>
public sealed class WarmUp : LearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="learningRate">What follows: a number or a schedule.</param>
    /// <param name="warmupSteps">Number of updates of the rise, at least 1.</param>
    /// <param name="initialLearningRate">The learning rate of the first update, at least 0; default 0.</param>
    /// <param name="power">How the rate rises, above 0: 1, a straight line, is the default.</param>
    /// <param name="name">Name of the schedule; default <c>WarmUp</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public WarmUp(
        LearningRateSchedule learningRate, int warmupSteps, double initialLearningRate = 0, double power = 1, string? name = null)
        : base(name ?? "WarmUp")
    {
        ArgumentNullException.ThrowIfNull(learningRate);
        new OptionCheck(ClassName)
            .AtLeast(nameof(learningRate), learningRate is ConstantRate ? learningRate.At(0) : 0, 0)
            .Positive(nameof(warmupSteps), warmupSteps)
            .AtLeast(nameof(initialLearningRate), initialLearningRate, 0)
            .Above(nameof(power), power, 0)
            .ThrowIfAny();
        LearningRate = learningRate;
        WarmupSteps = warmupSteps;
        InitialLearningRate = initialLearningRate;
        Power = power;
    }

    /// <inheritdoc/>
    public override string ClassName => "WarmUp";

    /// <summary>What follows: a schedule, or a number as one.</summary>
    public LearningRateSchedule LearningRate { get; }

    /// <summary>Number of updates of the rise.</summary>
    public int WarmupSteps { get; }

    /// <summary>The learning rate of the first update.</summary>
    public double InitialLearningRate { get; }

    /// <summary>How the rate rises: 1 is a straight line.</summary>
    public double Power { get; }

    /// <inheritdoc/>
    public override double At(long step) => step < WarmupSteps
        ? InitialLearningRate + ((LearningRate.At(0) - InitialLearningRate) * Math.Pow((double)step / WarmupSteps, Power))
        : LearningRate.At(step - WarmupSteps);

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "learning_rate", LearningRate is ConstantRate ? (object)LearningRate.At(0) : LearningRate },
        { "warmup_steps", WarmupSteps },
        { "initial_learning_rate", InitialLearningRate },
        { "power", Power },
        { "name", Name },
    };
}
