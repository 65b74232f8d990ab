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

    /// <summary>Creates the callback; what is not given does nothing.</summary>
    /// <param name="onEpochBegin">See <see cref="Callback.OnEpochBegin"/>.</param>
    /// <param name="onEpochEnd">See <see cref="Callback.OnEpochEnd"/>.</param>
    /// <param name="onTrainBegin">See <see cref="Callback.OnTrainBegin"/>.</param>
    /// <param name="onTrainEnd">See <see cref="Callback.OnTrainEnd"/>.</param>
    /// <param name="onBatchBegin">See <see cref="Callback.OnBatchBegin"/>.</param>
    /// <param name="onBatchEnd">See <see cref="Callback.OnBatchEnd"/>.</param>
    public LambdaCallback(
        Action<TrainingRun, int>? onEpochBegin = null,
        Action<TrainingRun, int, IReadOnlyDictionary<string, double>>? onEpochEnd = null,
        Action<TrainingRun>? onTrainBegin = null,
        Action<TrainingRun>? onTrainEnd = null,
        Action<TrainingRun, int>? onBatchBegin = null,
        Action<TrainingRun, int, IReadOnlyDictionary<string, double>>? onBatchEnd = null)
    {
        this.onEpochBegin = onEpochBegin;
        this.onEpochEnd = onEpochEnd;
        this.onTrainBegin = onTrainBegin;
        this.onTrainEnd = onTrainEnd;
        this.onBatchBegin = onBatchBegin;
        this.onBatchEnd = onBatchEnd;
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
}
