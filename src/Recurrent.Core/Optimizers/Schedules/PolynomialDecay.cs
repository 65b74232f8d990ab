using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The learning rate <c>(initial − end)(1 − t / steps)^power + end</c> at update <c>t</c>, and <c>end</c> after all
/// steps.</summary>
/// <remarks>With <c>cycle</c> the steps are instead the smallest multiple of <c>decaySteps</c> that is not below
/// <c>t</c>.</remarks>
public sealed class PolynomialDecay : LearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initialLearningRate">The learning rate of the first update, at least 0.</param>
    /// <param name="decaySteps">Number of updates until the end, at least 1.</param>
    /// <param name="endLearningRate">The learning rate at the end, at least 0; default 0.0001.</param>
    /// <param name="power">The power, at least 0; default 1, a straight line.</param>
    /// <param name="cycle">Whether it starts again, ever slower; default false.</param>
    /// <param name="name">Name of the schedule; default <c>PolynomialDecay</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public PolynomialDecay(
        double initialLearningRate,
        int decaySteps,
        double endLearningRate = 0.0001,
        double power = 1,
        bool cycle = false,
        string? name = null)
        : base(name ?? "PolynomialDecay")
    {
        new OptionCheck(ClassName)
            .AtLeast(nameof(initialLearningRate), initialLearningRate, 0)
            .Positive(nameof(decaySteps), decaySteps)
            .AtLeast(nameof(endLearningRate), endLearningRate, 0)
            .AtLeast(nameof(power), power, 0)
            .ThrowIfAny();
        InitialLearningRate = initialLearningRate;
        DecaySteps = decaySteps;
        EndLearningRate = endLearningRate;
        Power = power;
        Cycle = cycle;
    }

    /// <inheritdoc/>
    public override string ClassName => "PolynomialDecay";

    /// <summary>The learning rate of the first update.</summary>
    public double InitialLearningRate { get; }

    /// <summary>Number of updates until the end.</summary>
    public int DecaySteps { get; }

    /// <summary>The learning rate at the end.</summary>
    public double EndLearningRate { get; }

    /// <summary>The power.</summary>
    public double Power { get; }

    /// <summary>Whether it starts again, ever slower.</summary>
    public bool Cycle { get; }

    /// <inheritdoc/>
    public override double At(long step)
    {
        double steps = Cycle ? DecaySteps * Math.Max(1, Math.Ceiling((double)step / DecaySteps)) : DecaySteps;
        double left = 1 - (Math.Min(step, steps) / steps);
        return ((InitialLearningRate - EndLearningRate) * Math.Pow(left, Power)) + EndLearningRate;
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "initial_learning_rate", InitialLearningRate },
        { "decay_steps", DecaySteps },
        { "end_learning_rate", EndLearningRate },
        { "power", Power },
        { "cycle", Cycle },
        { "name", Name },
    };
}
