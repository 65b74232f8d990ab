using Recurrent.Models;

namespace Recurrent.Callbacks;

/// <summary>A callback made of functions, for what needs no class of its own. Keras's LambdaCallback.</summary>
/// <example><code>
/// new LambdaCallback(onEpochEnd: (run, epoch, logs) => Console.WriteLine(logs["loss"]))
/// </code></example>
public sealed class LambdaCallback : Callback
{
    private readonly Action<TrainingRun, int>? onEpochBegin;
    private readonly Action<TrainingRun, int, IReadOnlyDictionary<string, double>>? onEpochEnd;
    private readonly Action<TrainingRun>? onTrainBegin;
    private readonly Action<TrainingRun>? onTrainEnd;
    private readonly Action<TrainingRun, int>? onBatchBegin;
    private readonly Action<TrainingRun, int, IReadOnlyDictionary<string, double>>? onBatchEnd;
    private readonly Action<TrainingRun>? onTestBegin;
    private readonly Action<TrainingRun, IReadOnlyDictionary<string, double>>? onTestEnd;
    private readonly Action<TrainingRun, int>? onTestBatchBegin;
    private readonly Action<TrainingRun, int, IReadOnlyDictionary<string, double>>? onTestBatchEnd;
    private readonly Action<TrainingRun>? onPredictBegin;
    private readonly Action<TrainingRun>? onPredictEnd;
    private readonly Action<TrainingRun, int>? onPredictBatchBegin;
    private readonly Action<TrainingRun, int, IReadOnlyList<ModelData>>? onPredictBatchEnd;

    /// <summary>Creates the callback; what is not given does nothing.</summary>
    /// <param name="onEpochBegin">See <see cref="Callback.OnEpochBegin"/>.</param>
    /// <param name="onEpochEnd">See <see cref="Callback.OnEpochEnd"/>.</param>
    /// <param name="onTrainBegin">See <see cref="Callback.OnTrainBegin"/>.</param>
    /// <param name="onTrainEnd">See <see cref="Callback.OnTrainEnd"/>.</param>
    /// <param name="onBatchBegin">See <see cref="Callback.OnBatchBegin"/>.</param>
    /// <param name="onBatchEnd">See <see cref="Callback.OnBatchEnd"/>.</param>
    /// <param name="onTestBegin">See <see cref="Callback.OnTestBegin"/>.</param>
    /// <param name="onTestEnd">See <see cref="Callback.OnTestEnd(TrainingRun, IReadOnlyDictionary{string, double})"/>.</param>
    /// <param name="onTestBatchBegin">See <see cref="Callback.OnTestBatchBegin"/>.</param>
    /// <param name="onTestBatchEnd">See <see cref="Callback.OnTestBatchEnd"/>.</param>
    /// <param name="onPredictBegin">See <see cref="Callback.OnPredictBegin"/>.</param>
    /// <param name="onPredictEnd">See <see cref="Callback.OnPredictEnd"/>.</param>
    /// <param name="onPredictBatchBegin">See <see cref="Callback.OnPredictBatchBegin"/>.</param>
    /// <param name="onPredictBatchEnd">See <see cref="Callback.OnPredictBatchEnd"/>.</param>
    public LambdaCallback(
        Action<TrainingRun, int>? onEpochBegin = null,
        Action<TrainingRun, int, IReadOnlyDictionary<string, double>>? onEpochEnd = null,
        Action<TrainingRun>? onTrainBegin = null,
        Action<TrainingRun>? onTrainEnd = null,
        Action<TrainingRun, int>? onBatchBegin = null,
        Action<TrainingRun, int, IReadOnlyDictionary<string, double>>? onBatchEnd = null,
        Action<TrainingRun>? onTestBegin = null,
        Action<TrainingRun, IReadOnlyDictionary<string, double>>? onTestEnd = null,
        Action<TrainingRun, int>? onTestBatchBegin = null,
        Action<TrainingRun, int, IReadOnlyDictionary<string, double>>? onTestBatchEnd = null,
        Action<TrainingRun>? onPredictBegin = null,
        Action<TrainingRun>? onPredictEnd = null,
        Action<TrainingRun, int>? onPredictBatchBegin = null,
        Action<TrainingRun, int, IReadOnlyList<ModelData>>? onPredictBatchEnd = null)
    {
        this.onEpochBegin = onEpochBegin;
        this.onEpochEnd = onEpochEnd;
        this.onTrainBegin = onTrainBegin;
        this.onTrainEnd = onTrainEnd;
        this.onBatchBegin = onBatchBegin;
        this.onBatchEnd = onBatchEnd;
        this.onTestBegin = onTestBegin;
        this.onTestEnd = onTestEnd;
        this.onTestBatchBegin = onTestBatchBegin;
        this.onTestBatchEnd = onTestBatchEnd;
        this.onPredictBegin = onPredictBegin;
        this.onPredictEnd = onPredictEnd;
        this.onPredictBatchBegin = onPredictBatchBegin;
        this.onPredictBatchEnd = onPredictBatchEnd;
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingRun run) => onTrainBegin?.Invoke(run);

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingRun run) => onTrainEnd?.Invoke(run);

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingRun run, int epoch) => onEpochBegin?.Invoke(run, epoch);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs) =>
        onEpochEnd?.Invoke(run, epoch, logs);

    /// <inheritdoc/>
    public override void OnBatchBegin(TrainingRun run, int batch) => onBatchBegin?.Invoke(run, batch);

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs) =>
        onBatchEnd?.Invoke(run, batch, logs);

    /// <inheritdoc/>
    public override void OnTestBegin(TrainingRun run) => onTestBegin?.Invoke(run);

    /// <inheritdoc/>
    public override void OnTestEnd(TrainingRun run, IReadOnlyDictionary<string, double> logs) => onTestEnd?.Invoke(run, logs);

    /// <inheritdoc/>
    public override void OnTestBatchBegin(TrainingRun run, int batch) => onTestBatchBegin?.Invoke(run, batch);

    /// <inheritdoc/>
    public override void OnTestBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs) =>
        onTestBatchEnd?.Invoke(run, batch, logs);

    /// <inheritdoc/>
    public override void OnPredictBegin(TrainingRun run) => onPredictBegin?.Invoke(run);

    /// <inheritdoc/>
    public override void OnPredictEnd(TrainingRun run) => onPredictEnd?.Invoke(run);

    /// <inheritdoc/>
    public override void OnPredictBatchBegin(TrainingRun run, int batch) => onPredictBatchBegin?.Invoke(run, batch);

    /// <inheritdoc/>
    public override void OnPredictBatchEnd(TrainingRun run, int batch, IReadOnlyList<ModelData> outputs) =>
        onPredictBatchEnd?.Invoke(run, batch, outputs);
}
