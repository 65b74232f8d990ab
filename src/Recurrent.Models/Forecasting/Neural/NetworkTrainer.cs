using System.Diagnostics;
using Recurrent.Callbacks;
using Recurrent.Models;

namespace Recurrent.Forecasting;

/// <summary>Windows as a model takes them.</summary>
/// <param name="Inputs">One for each input.</param>
/// <param name="Targets">What comes.</param>
/// <param name="Weights">How much each target counts, or null.</param>
internal sealed record WindowData(ModelData Inputs, ModelData Targets, ModelData? Weights);

/// <summary>Trains the networks of one fit under one budget.</summary>
internal sealed class NetworkTrainer
{
    private readonly NetworkTraining training;
    private readonly ForecastRun run;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly int trainings;
    private readonly List<TrainingCurves> curves = [];
    private int done;

    /// <summary>Starts the clock.</summary>
    /// <param name="training">The options.</param>
    /// <param name="run">How the fit is run.</param>
    /// <param name="trainings">Trainings that there will be, among which the budget is shared.</param>
    public NetworkTrainer(NetworkTraining training, ForecastRun run, int trainings) =>
        (this.training, this.run, this.trainings) = (training, run, trainings);

    /// <summary>How the trainings went, in their order.</summary>
    public IReadOnlyList<TrainingCurves> Curves => curves;

    /// <summary>Whether the budget is used up.</summary>
    public bool IsOver => training.Seconds is { } seconds && Stopwatch.GetElapsedTime(started).TotalSeconds >= seconds;

    /// <summary>Trains a compiled network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">What is trained on.</param>
    /// <param name="windows">Its windows.</param>
    /// <param name="validation">What is validated on; null trains for all epochs.</param>
    /// <param name="schedule">How long.</param>
    /// <param name="stage">What is trained, for whoever looks on.</param>
    /// <returns>Number of epochs after which the loss on the validation windows was least, or that were run.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public int Train(
        Model network, WindowData data, NetworkWindows windows, WindowData? validation, NetworkSchedule schedule, string stage)
    {
        network.MaxDegreeOfParallelism = run.Threads;
        double from = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double? until = training.Seconds is { } seconds
            ? from + ((seconds - from) / Math.Max(1, trainings - done))
            : null;
        done++;
        var watch = new LambdaCallback(
            onEpochBegin: (_, epoch) => windows.Renew((ulong)training.Seed, epoch),
            onBatchEnd: (current, _, _) =>
            {
                if (until is { } end && Stopwatch.GetElapsedTime(started).TotalSeconds > end)
                {
                    current.Stop("the budget of seconds is used up");
                }
            },
            onEpochEnd: (_, epoch, _) => run.Progress?.Report(new(stage, epoch + 1, schedule.Epochs)));
        EarlyStopping? stopping = validation is not null && schedule.Patience is { } patience
            ? new(patience: patience, restoreBestWeights: true)
            : null;
        var rates = new LearningRateScheduler((epoch, _) => schedule.RateAt(
            epoch, until is { } end ? (Stopwatch.GetElapsedTime(started).TotalSeconds - from) / Math.Max(end - from, 1e-9) : 0));
        History history = network.Fit(
            data.Inputs,
            data.Targets,
            schedule.Epochs,
            schedule.BatchSize,
            validationData: validation is null ? null : new(validation.Inputs, validation.Targets, validation.Weights),
            sampleWeight: data.Weights,
            verbose: 0,
            callbacks: stopping is null ? [rates, watch] : [rates, watch, stopping],
            cancellationToken: run.Cancellation);
        run.Cancellation.ThrowIfCancellationRequested();
        curves.Add(new(
            trainings > 1 ? FormattableString.Invariant($"{network.Name}, {stage} ({done} of {trainings})") : network.Name,
            history.Metrics));
        if (history.Diverged && history.Epochs <= 1)
        {
            throw new ArgumentException($"Training did not get anywhere: {history.StopReason}.");
        }

        return stopping is null ? Math.Max(1, history.Epochs) : (stopping.BestEpoch ?? Math.Max(0, history.Epochs - 1)) + 1;
    }
}
