using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>Saves the model while it trains, after every epoch or when it is better than before. Keras's
/// ModelCheckpoint.</summary>
/// <remarks>
/// The file is the whole model with the state of its training, as <c>Sequential.Save</c> writes it: <c>Sequential.Load</c> reads
/// it, and training goes on from there; or its weights alone. Folders of the path are made where they are missing. An epoch whose
/// loss is NaN or infinite is not saved: it left nothing to go on from.
/// </remarks>
/// <example><code>new ModelCheckpoint("best.json", saveBestOnly: true)</code></example>
public sealed class ModelCheckpoint : Callback
{
    private readonly CheckpointPath path;
    private readonly bool saveBestOnly;
    private readonly int saveFrequency;
    private readonly bool saveWeightsOnly;
    private readonly MonitoredMetric metric;

    /// <summary>Creates the callback.</summary>
    /// <param name="path">
    /// The file. <c>{epoch}</c> (from 1) and the names of figures, such as <c>{val_loss}</c>, stand for their values, with a
    /// format after a colon: <c>model-{epoch:D3}-{val_loss:F4}.json</c>.
    /// </param>
    /// <param name="monitor">The figure of the logs that tells the best model; used with <paramref name="saveBestOnly"/>
    /// only.</param>
    /// <param name="saveBestOnly">Whether a model is saved only when it is the best so far.</param>
    /// <param name="mode">Which way the figure improves.</param>
    /// <param name="saveFrequency">After every how many epochs a model is saved, or looked at.</param>
    /// <param name="initialValueThreshold">What the first model has to beat to be saved; null for nothing.</param>
    /// <param name="saveWeightsOnly">
    /// Whether the weights alone are written, as <c>SaveWeights</c> does, for <c>LoadWeights</c> of the same model; default
    /// false: the whole model with the state of its training.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public ModelCheckpoint(
        string path,
        string monitor = "val_loss",
        bool saveBestOnly = false,
        MonitorMode mode = MonitorMode.Auto,
        int saveFrequency = 1,
        double? initialValueThreshold = null,
        bool saveWeightsOnly = false)
    {
        string? problem = CheckpointPath.Problem(path);
        new OptionCheck(nameof(ModelCheckpoint))
            .Require(problem is null, problem ?? string.Empty)
            .Name(nameof(monitor), monitor)
            .Mode(mode)
            .Positive(nameof(saveFrequency), saveFrequency)
            .Finite(nameof(initialValueThreshold), initialValueThreshold ?? 0)
            .Require(
                saveBestOnly || initialValueThreshold is null, "initialValueThreshold has a meaning only with saveBestOnly: true")
            .ThrowIfAny();
        this.path = new CheckpointPath(path);
        this.saveBestOnly = saveBestOnly;
        this.saveFrequency = saveFrequency;
        this.saveWeightsOnly = saveWeightsOnly;
        metric = new MonitoredMetric(nameof(ModelCheckpoint), monitor, mode, 0, initialValueThreshold);
    }

    /// <summary>The file that was written last; null where none has been in this run.</summary>
    public string? LastPath { get; private set; }

    internal override bool WritesOutside => true;

    /// <inheritdoc/>
    public override void Check(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        path.Check(run.MetricNames, nameof(ModelCheckpoint));

        if (!saveWeightsOnly)
        {
            // What cannot be saved is said before an epoch's work.
            _ = run.Model.ToJson();
        }

        if (saveBestOnly)
        {
            metric.Check(run);
        }
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingRun run)
    {
        metric.Reset();
        LastPath = null;
    }

    /// <inheritdoc/>
    public override CallbackState SaveState() => new(new() { { "best", metric.Best }, { "last_path", LastPath } });

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ConfigReader values = state.Reader(nameof(ModelCheckpoint));
        metric.Restore(values.OptionalDouble("best"));
        LastPath = values.OptionalString("last_path");
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(logs);
        if ((epoch + 1) % saveFrequency != 0
            || (logs.TryGetValue("loss", out double loss) && !double.IsFinite(loss))
            || path.For(epoch, logs) is not string file
            || (saveBestOnly && !(metric.Read(logs) is double value && metric.Improve(value))))
        {
            return;
        }

        WriteFailure.Tell(nameof(ModelCheckpoint), file, () => Write(run, file));
        LastPath = file;
    }

    private void Write(TrainingRun run, string file)
    {
        CallbackOptions.MakeFolderOf(file);
        if (saveWeightsOnly)
        {
            run.Model.SaveWeights(file);
        }
        else
        {
            run.Model.Save(file);
        }
    }
}
