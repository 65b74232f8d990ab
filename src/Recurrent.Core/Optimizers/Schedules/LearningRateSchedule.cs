using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>A learning rate that depends on the number of updates done. A number is a schedule that never changes.</summary>
public abstract class LearningRateSchedule : IConfigurable
{
    /// <summary>Keeps the name.</summary>
    /// <param name="name">Name of the schedule.</param>
    protected LearningRateSchedule(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name of the schedule.</summary>
    public string Name { get; }

    /// <summary>The learning rate of an update.</summary>
    /// <param name="step">Number of updates done before it: 0 at the first.</param>
    public abstract double At(long step);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>A learning rate that stays as it is until somebody sets another one.</summary>
    /// <param name="learningRate">The learning rate.</param>
    public static implicit operator LearningRateSchedule(double learningRate) => new ConstantRate(learningRate);
}

/// <summary>A learning rate that is a number.</summary>
internal sealed class ConstantRate(double rate) : LearningRateSchedule("ConstantRate")
{
    /// <inheritdoc/>
    public override string ClassName => "ConstantRate";

    /// <inheritdoc/>
    public override double At(long step) => rate;

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "learning_rate", rate } };
}
