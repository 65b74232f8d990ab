using System.Globalization;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Callbacks;

/// <summary>Ends training when a figure has stopped improving.</summary>
/// <remarks>
/// It counts the epochs since the figure last improved and stops when there are <c>patience</c> of them. An epoch improves when
/// it beats the best one so far by more than <c>minDelta</c>. With a <c>baseline</c>, the count starts again only after an epoch
/// that beats the baseline as well. NaN never improves. Keras's EarlyStopping.
/// </remarks>
/// <example><code>model.Fit(x, y, epochs: 100, validationSplit: 0.2, callbacks: [new EarlyStopping(patience:
/// 10)]);</code></example>
public sealed class EarlyStopping : Callback
{
    private readonly string monitor;
    private readonly int patience;
    private readonly double? baseline;
    private readonly bool restoreBestWeights;
    private readonly int startFromEpoch;
    private readonly MonitoredMetric metric;
    private TrainingSnapshot? best;
    private TrainingRun? run;
    private int wait;

    /// <summary>Creates the callback.</summary>
    /// <param name="monitor">The figure of the logs to follow.</param>
    /// <param name="minDelta">By how much it must improve to count; its sign is ignored.</param>
    /// <param name="patience">After how many epochs without improvement training ends; 0 ends it as 1 does.</param>
    /// <param name="mode">Which way the figure improves.</param>
    /// <param name="baseline">A value that has to be beaten within <paramref name="patience"/> epochs; null for none.</param>
    /// <param name="restoreBestWeights">
    /// Whether the model ends with the weights of its best epoch, and with what the optimizer remembered then, however training
    /// ends.
    /// </param>
    /// <param name="startFromEpoch">How many epochs at the beginning are not looked at.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public EarlyStopping(
        string monitor = "val_loss",
        double minDelta = 0,
        int patience = 0,
        MonitorMode mode = MonitorMode.Auto,
        double? baseline = null,
        bool restoreBestWeights = false,
        int startFromEpoch = 0)
    {
        new OptionCheck(nameof(EarlyStopping))
            .Name(nameof(monitor), monitor)
            .Finite(nameof(minDelta), minDelta)
            .AtLeast(nameof(patience), patience, 0)
            .Mode(mode)
            .Finite(nameof(baseline), baseline ?? 0)
            .AtLeast(nameof(startFromEpoch), startFromEpoch, 0)
            .ThrowIfAny();
        this.monitor = monitor;
        this.patience = patience;
        this.baseline = baseline;
        this.restoreBestWeights = restoreBestWeights;
        this.startFromEpoch = startFromEpoch;
        metric = new MonitoredMetric(nameof(EarlyStopping), monitor, mode, minDelta);
    }

    /// <summary>The epoch (from 0) after which the callback ended its last run; null where it did not.</summary>
    public int? StoppedEpoch { get; private set; }

    /// <summary>The best epoch (from 0) of the last run; null where none was looked at.</summary>
    public int? BestEpoch { get; private set; }

    /// <summary>The figure in the best epoch of the last run; null where none was looked at.</summary>
    public double? Best => metric.Best;

    /// <inheritdoc/>
    public override void Check(TrainingRun run) => metric.Check(run);

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingRun run)
    {
        metric.Reset();
        wait = 0;
        StoppedEpoch = null;
        BestEpoch = null;
        best = null;
        this.run = run;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (epoch < startFromEpoch || metric.Read(logs) is not double value)
        {
            return;
        }

        wait++;
        if (metric.Improve(value))
        {
            BestEpoch = epoch;
            KeepWeights(run);
            if (baseline is null || metric.Beats(value, baseline))
            {
                wait = 0;
            }
        }
        else if (wait >= patience && epoch > 0)
        {
            StoppedEpoch = epoch;
            run.Stop(Reason());
        }
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingRun run)
    {
        // Where training diverged, it has gone back to weights that were in order, perhaps behind an epoch that looked like the
        // best.
        if (best is not null && !(run?.Model.Optimizer?.Iterations < best.Iterations))
        {
            best.Restore();
        }

        best = null;
        this.run = null;
    }

    /// <inheritdoc/>
    public override CallbackState SaveState() => new(
        new()
        {
            { "wait", wait },
            { "best", metric.Best },
            { "best_epoch", BestEpoch },
            { "stopped_epoch", StoppedEpoch },
            { "best_iterations", best?.Iterations },
        },
        best?.ToArrays());

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ConfigReader values = state.Reader(nameof(EarlyStopping));
        wait = values.Int("wait");
        metric.Restore(values.OptionalDouble("best"));
        BestEpoch = values.OptionalInt("best_epoch");
        StoppedEpoch = values.OptionalInt("stopped_epoch");
        if (restoreBestWeights && values.Raw("best_iterations") is long iterations)
        {
            best ??= new TrainingSnapshot(run!.Model.AllParameters, run.Model.Optimizer);
            best.Fill(state.Array, iterations);
        }
    }

    private void KeepWeights(TrainingRun run)
    {
        if (restoreBestWeights)
        {
            best ??= new TrainingSnapshot(run.Model.AllParameters, run.Model.Optimizer);
            best.Take();
        }
    }

    private string Reason()
    {
        string epochs = wait == 1 ? "1 epoch" : FormattableString.Invariant($"{wait} epochs");
        if (BestEpoch is not int bestEpoch)
        {
            return $"early stopping: {monitor} has been NaN for {epochs}";
        }

        string goal = metric.Beats(Best!.Value, baseline) ? string.Empty : FormattableString.Invariant($" nor beaten {baseline}");
        string restored = restoreBestWeights ? ", whose weights are restored" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture,
            $"early stopping: {monitor} has not improved{goal} for {epochs}; it was best, {LogText.Number(Best.Value)}, in "
            + $"epoch {bestEpoch + 1}{restored}");
    }
}
