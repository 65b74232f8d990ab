using Recurrent.Optimizers;

namespace Recurrent.Callbacks;

/// <summary>What callbacks that set the learning rate have in common.</summary>
internal static class LearningRate
{
    /// <summary>Name of the learning rate in logs.</summary>
    public const string LogName = "learning_rate";

    /// <summary>Checks that the learning rate can be set, and announces it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="owner">The callback, for messages.</param>
    /// <exception cref="ArgumentException">A schedule sets it.</exception>
    public static void Check(TrainingRun run, string owner)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Optimizer.Schedule is not ConstantRate)
        {
            throw new ArgumentException(
                $"{owner} sets the learning rate, but that of {run.Optimizer.ClassName} follows its schedule, "
                + $"{run.Optimizer.Schedule.ClassName}. Give the optimizer a number as its learning rate, or leave {owner} out.");
        }

        run.Announce(LogName);
    }
}
