namespace Recurrent.Callbacks;

/// <summary>Evaluates the running mean of the weights in place of the weights themselves.</summary>
/// <remarks>
/// The optimizer keeps the mean (<c>useEma: true</c>). Before validation the weights and their mean change places, and after it
/// back again. When training ends, <c>Fit</c> sets the weights to the mean, with this callback or without.
/// </remarks>
/// <example><code>
/// model.Compile(new Adam(useEma: true, emaMomentum: 0.999), "mse");
/// model.Fit(x, y, validationSplit: 0.2, callbacks:
///     [new SwapEMAWeights(swapOnEpoch: true), new ModelCheckpoint("best.json", saveBestOnly: true)]);
/// </code></example>
/// <param name="swapOnEpoch">
/// Whether the weights are the mean also for the callbacks that follow at the end of an epoch, such as a
/// <see cref="ModelCheckpoint"/>; default false.
/// </param>
public sealed class SwapEMAWeights(bool swapOnEpoch = false) : Callback
{
    /// <summary>Whether the weights are the mean also for the callbacks that follow at the end of an epoch.</summary>
    public bool SwapOnEpoch { get; } = swapOnEpoch;

    /// <inheritdoc/>
    public override void Check(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        switch (run.Model.Optimizer)
        {
            case null:
                throw new ArgumentException($"{nameof(SwapEMAWeights)} needs an optimizer that keeps a mean of the weights, "
                    + $"and model '{run.Model.Name}' has none. Compile it with one that has useEma: true, and train it.",
                    nameof(run));
            case { UseEma: false } other:
                throw new ArgumentException(
                    $"{nameof(SwapEMAWeights)} needs an optimizer that keeps a mean of the weights, and {other.ClassName} "
                    + $"keeps none here. Compile with new {other.ClassName}(useEma: true).", nameof(run));
        }
    }

    internal override bool SwapsWeights => true;

    /// <inheritdoc/>
    public override void OnPredictBegin(TrainingRun run) => Begin(run);

    /// <inheritdoc/>
    public override void OnPredictEnd(TrainingRun run) => Show(run, false);

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingRun run, int epoch) => Show(run, false);

    /// <inheritdoc/>
    public override void OnTestBegin(TrainingRun run) => Begin(run);

    /// <inheritdoc/>
    public override void OnTestEnd(TrainingRun run) => Show(run, false);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        if (SwapOnEpoch)
        {
            Show(run, true);
        }
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingRun run) => Show(run, false);

    // Evaluations and predictions of their own have not been checked before.
    private void Begin(TrainingRun run)
    {
        Check(run);
        Show(run, true);
    }

    private static void Show(TrainingRun run, bool mean)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Model.Optimizer?.ShowAverages(mean);
    }
}
