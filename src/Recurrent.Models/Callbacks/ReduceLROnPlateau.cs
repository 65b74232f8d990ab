using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>Reduces the learning rate when a figure has stopped improving. Keras's ReduceLROnPlateau.</summary>
/// <remarks>
/// After <c>patience</c> epochs without improvement the learning rate is multiplied by <c>factor</c>; then follow <c>cooldown</c>
/// epochs in which nothing is counted. The rate with which an epoch was trained is logged as <c>learning_rate</c>. NaN never
/// improves.
/// </remarks>
public sealed class ReduceLROnPlateau : Callback
{
    private readonly double factor;
    private readonly int patience;
    private readonly int cooldown;
    private readonly double minLearningRate;
    private readonly MonitoredMetric metric;
    private int cooling;
    private int wait;

    /// <summary>Creates the callback.</summary>
    /// <param name="monitor">The figure of the logs to follow.</param>
    /// <param name="factor">What the learning rate is multiplied by; above 0 and below 1.</param>
    /// <param name="patience">After how many epochs without improvement it is reduced; 0 does as 1.</param>
    /// <param name="mode">Which way the figure improves.</param>
    /// <param name="minDelta">By how much it must improve to count; its sign is ignored.</param>
    /// <param name="cooldown">How many epochs after a reduction are not counted.</param>
    /// <param name="minLearningRate">The learning rate is never reduced below this.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public ReduceLROnPlateau(
        string monitor = "val_loss",
        double factor = 0.1,
        int patience = 10,
        MonitorMode mode = MonitorMode.Auto,
        double minDelta = 1e-4,
        int cooldown = 0,
        double minLearningRate = 0)
    {
        new OptionCheck(nameof(ReduceLROnPlateau))
            .Name(nameof(monitor), monitor)
            .Require(factor is > 0 and < 1, FormattableString.Invariant($"factor must be above 0 and below 1, but is {factor}"),
                "factor")
            .AtLeast(nameof(patience), patience, 0)
            .Mode(mode)
            .Finite(nameof(minDelta), minDelta)
            .AtLeast(nameof(cooldown), cooldown, 0)
            .AtLeast(nameof(minLearningRate), minLearningRate, 0)
            .ThrowIfAny();
        this.factor = factor;
        this.patience = patience;
        this.cooldown = cooldown;
        this.minLearningRate = minLearningRate;
        metric = new MonitoredMetric(nameof(ReduceLROnPlateau), monitor, mode, minDelta);
    }

    /// <inheritdoc/>
    public override void Check(TrainingRun run)
    {
        LearningRate.Check(run, nameof(ReduceLROnPlateau));
        metric.Check(run);
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingRun run)
    {
        metric.Reset();
        cooling = 0;
        wait = 0;
    }

    /// <inheritdoc/>
    public override CallbackState SaveState() => new(new() { { "best", metric.Best }, { "wait", wait }, { "cooling", cooling } });

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ConfigReader values = state.Reader(nameof(ReduceLROnPlateau));
        metric.Restore(values.OptionalDouble("best"));
        wait = values.Int("wait");
        cooling = values.Int("cooling");
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Log(LearningRate.LogName, run.Optimizer.LearningRate);
        if (metric.Read(logs) is not double value)
        {
            return;
        }

        if (cooling > 0)
        {
            cooling--;
            wait = 0;
        }

        if (metric.Improve(value))
        {
            wait = 0;
        }
        else if (cooling == 0 && ++wait >= patience && run.Optimizer.LearningRate > minLearningRate)
        {
            run.Optimizer.LearningRate = Math.Max(run.Optimizer.LearningRate * factor, minLearningRate);
            cooling = cooldown;
            wait = 0;
        }
    }
}
