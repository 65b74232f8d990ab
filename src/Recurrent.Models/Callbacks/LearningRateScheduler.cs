using System.Globalization;
namespace Recurrent.Callbacks;

/// <summary>Sets the learning rate before each epoch. Keras's LearningRateScheduler.</summary>
/// <remarks>The rate with which an epoch was trained is logged as <c>learning_rate</c>.</remarks>
/// <example><code>new LearningRateScheduler((epoch, rate) => epoch &lt; 10 ? rate : rate * 0.9)</code></example>
public sealed class LearningRateScheduler : Callback
{
    private readonly Func<int, double, double> schedule;

    /// <summary>Creates the callback.</summary>
    /// <param name="schedule">From the index of the epoch (from 0) and the learning rate so far to the one to go on with.</param>
    public LearningRateScheduler(Func<int, double, double> schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        this.schedule = schedule;
    }

    /// <inheritdoc/>
    public override void Check(TrainingRun run) => LearningRate.Check(run, nameof(LearningRateScheduler));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The schedule gave what is not a learning rate.</exception>
    public override void OnEpochBegin(TrainingRun run, int epoch)
    {
        ArgumentNullException.ThrowIfNull(run);
        double rate = schedule(epoch, run.Optimizer.LearningRate);
        if (!double.IsFinite(rate) || rate < 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The schedule of LearningRateScheduler gave {rate} for epoch {epoch}; a learning rate must be a finite number "
                + $"of at least 0."));
        }

        run.Optimizer.LearningRate = rate;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Log(LearningRate.LogName, run.Optimizer.LearningRate);
    }
}
