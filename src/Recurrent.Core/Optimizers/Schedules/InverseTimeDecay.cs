using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The learning rate <c>initial / (1 + rate · t / steps)</c> at update <c>t</c>.</summary>
/// <remarks>In steps (<c>staircase</c>), <c>t / steps</c> is rounded down.</remarks>
public sealed class InverseTimeDecay : LearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initialLearningRate">The learning rate of the first update, at least 0.</param>
    /// <param name="decaySteps">After how many updates the decay has acted once, at least 1.</param>
    /// <param name="decayRate">The strength of the decay, at least 0.</param>
    /// <param name="staircase">Whether it acts in steps; default false.</param>
    /// <param name="name">Name of the schedule; default <c>InverseTimeDecay</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public InverseTimeDecay(
        double initialLearningRate, int decaySteps, double decayRate, bool staircase = false, string? name = null)
        : base(name ?? "InverseTimeDecay")
    {
        new OptionCheck(ClassName)
            .AtLeast(nameof(initialLearningRate), initialLearningRate, 0)
            .Positive(nameof(decaySteps), decaySteps)
            .AtLeast(nameof(decayRate), decayRate, 0)
            .ThrowIfAny();
        InitialLearningRate = initialLearningRate;
        DecaySteps = decaySteps;
        DecayRate = decayRate;
        Staircase = staircase;
    }

    /// <inheritdoc/>
    public override string ClassName => "InverseTimeDecay";

    /// <summary>The learning rate of the first update.</summary>
    public double InitialLearningRate { get; }

    /// <summary>After how many updates the decay has acted once.</summary>
    public int DecaySteps { get; }

    /// <summary>The strength of the decay.</summary>
    public double DecayRate { get; }

    /// <summary>Whether it acts in steps.</summary>
    public bool Staircase { get; }

    /// <inheritdoc/>
    public override double At(long step)
    {
        double progress = (double)step / DecaySteps;
        progress = Staircase ? Math.Floor(progress) : progress;
        return InitialLearningRate / (1 + (DecayRate * progress));
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "initial_learning_rate", InitialLearningRate },
        { "decay_steps", DecaySteps },
        { "decay_rate", DecayRate },
        { "staircase", Staircase },
        { "name", Name },
    };
}
