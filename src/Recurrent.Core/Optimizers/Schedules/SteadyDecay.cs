using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>A learning rate that decays without an end, steadily or in steps: <see cref="ExponentialDecay"/> and
/// <see cref="InverseTimeDecay"/>.</summary>
/// <remarks>In steps (<c>staircase</c>), <c>t / steps</c> is rounded down.</remarks>
public abstract class SteadyDecay : LearningRateSchedule
{
    private protected SteadyDecay(double initialLearningRate, int decaySteps, double decayRate, bool staircase, string name)
        : base(name)
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

    /// <summary>The learning rate of the first update.</summary>
    public double InitialLearningRate { get; }

    /// <summary>After how many updates the decay has acted once.</summary>
    public int DecaySteps { get; }

    /// <summary>The strength of the decay.</summary>
    public double DecayRate { get; }

    /// <summary>Whether it acts in steps.</summary>
    public bool Staircase { get; }

    /// <inheritdoc/>
    public sealed override double At(long step)
    {
        double progress = (double)step / DecaySteps;
        return Decayed(Staircase ? Math.Floor(progress) : progress);
    }

    /// <inheritdoc/>
    public sealed override Config GetConfig() => new()
    {
        { "initial_learning_rate", InitialLearningRate },
        { "decay_steps", DecaySteps },
        { "decay_rate", DecayRate },
        { "staircase", Staircase },
        { "name", Name },
    };

    /// <summary>The learning rate after the decay has acted so many times.</summary>
    private protected abstract double Decayed(double progress);
}
