using System.Diagnostics;
using Recurrent.Callbacks;
using Recurrent.Models;

namespace Recurrent.Forecasting;

/// <summary>How long a network is trained, and in which batches.</summary>
/// <param name="Epochs">Most epochs.</param>
/// <param name="BatchSize">Samples to an update.</param>
/// <param name="Patience">Epochs without improvement that are waited for; null trains for all.</param>
/// <param name="LearningRate">The first learning rate.</param>
/// <param name="Decay">Its factor after each epoch.</param>
/// <param name="Cosine">Whether the rate falls to a hundredth of the first over half a cosine, instead.</param>
internal sealed record TrainingPlan(int Epochs, int BatchSize, int? Patience, double LearningRate, double Decay, bool Cosine)
{
    private const int EpochsOfLongWindows = 3;

    /// <summary>What the options leave open follows from the number of samples.</summary>
    /// <param name="training">The options.</param>
    /// <param name="defaults">What the forecaster wants where they are open.</param>
    /// <param name="samples">Samples to an epoch.</param>
    /// <param name="most">Most updates, where no epochs are given.</param>
    /// <param name="batchSize">Samples to an update that the forecaster wants, or null.</param>
    /// <param name="stopsEarly">Whether what is validated on says when to stop, where no patience is given.</param>
    public static TrainingPlan For(
        NetworkTraining training, NetworkDefaults defaults, int samples, int most, int? batchSize = null, bool stopsEarly = true)
    {
        int batch = training.BatchSize ?? batchSize
            ?? samples switch { < 1000 => 32, < 5000 => 64, < 20000 => 128, _ => 256 };
        int updates = Math.Max(1, (samples + batch - 1) / batch);
        int least = most < defaults.Updates ? Math.Min(defaults.LeastEpochs, EpochsOfLongWindows) : defaults.LeastEpochs;
        int epochs = training.Epochs ?? Math.Clamp(most / updates, least, defaults.MostEpochs);

        // Over a cosine the loss may fall again when the rate does.
        int? patience = training.Patience ?? (stopsEarly ? Math.Clamp(epochs / (defaults.Cosine ? 3 : 6), 3, 30) : null);
        return new(epochs, batch, patience, training.LearningRate ?? defaults.LearningRate, training.Decay ?? defaults.Decay,
            defaults.Cosine && training.Decay is null);
    }

    /// <summary>The learning rate of an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="spent">Share of the budget of time that is used up; 0 where there is none.</param>
    public double RateAt(int epoch, double spent)
    {
        double done = Math.Clamp(Math.Max((double)epoch / Epochs, spent), 0, 1);
        return LearningRate * (Cosine ? 0.01 + (0.99 * 0.5 * (1 + Math.Cos(Math.PI * done))) : Math.Pow(Decay, epoch));
    }
}

/// <summary>Windows as a model takes them.</summary>
/// <param name="Inputs">One for each input.</param>
/// <param name="Targets">What comes.</param>
/// <param name="Weights">How much each target counts, or null.</param>
internal sealed record WindowData(ModelData Inputs, ModelData Targets, ModelData? Weights);

/// <summary>What a forecaster wants where <see cref="NetworkTraining"/> leaves it open.</summary>
internal sealed record NetworkDefaults
{
    public double LearningRate { get; init; } = 2e-3;

    public double Decay { get; init; } = 1;

    public string Loss { get; init; } = "quantile";

    public int LeastEpochs { get; init; } = 10;

    public int MostEpochs { get; init; } = 200;

    /// <summary>About so many updates a training makes at most.</summary>
    public int Updates { get; init; } = 4000;

    public bool Cosine { get; init; }

    public double ValidationShare { get; init; } = 0.15;

    public int Members { get; init; } = 1;

    /// <summary>Number of networks where there are few windows, and one more is soon trained.</summary>
    public int? MembersOfFew { get; init; }
}

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
    /// <param name="plan">How long.</param>
    /// <param name="stage">What is trained, for whoever looks on.</param>
    /// <returns>Number of epochs after which the loss on the validation windows was least, or that were run.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public int Train(
        Model network, WindowData data, NetworkWindows windows, WindowData? validation, TrainingPlan plan, string stage)
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
            onEpochEnd: (_, epoch, _) => run.Progress?.Report(new(stage, epoch + 1, plan.Epochs)));
        EarlyStopping? stopping = validation is not null && plan.Patience is { } patience
            ? new(patience: patience, restoreBestWeights: true)
            : null;
        var schedule = new LearningRateScheduler((epoch, _) => plan.RateAt(
            epoch, until is { } end ? (Stopwatch.GetElapsedTime(started).TotalSeconds - from) / Math.Max(end - from, 1e-9) : 0));
        History history = network.Fit(
            data.Inputs,
            data.Targets,
            plan.Epochs,
            plan.BatchSize,
            validationData: validation is null ? null : new(validation.Inputs, validation.Targets, validation.Weights),
            sampleWeight: data.Weights,
            verbose: 0,
            callbacks: stopping is null ? [schedule, watch] : [schedule, watch, stopping],
            cancellationToken: run.Cancellation);
        run.Cancellation.ThrowIfCancellationRequested();
        curves.Add(new(
            trainings > 1 ? FormattableString.Invariant($"{network.Name}, {stage} ({done} of {trainings})") : network.Name,
            history.Metrics));
        if (history.StopReason?.StartsWith("training diverged", StringComparison.Ordinal) == true && history.Epochs <= 1)
        {
            throw new ArgumentException($"Training did not get anywhere: {history.StopReason}.");
        }

        return stopping is null ? Math.Max(1, history.Epochs) : (stopping.BestEpoch ?? Math.Max(0, history.Epochs - 1)) + 1;
    }
}
