using Recurrent.Models;

namespace Recurrent.Callbacks;

/// <summary>What a callback sees of the training run it takes part in.</summary>
public sealed class TrainingRun
{
    internal TrainingRun(Sequential model, int epochs, int steps, int samples)
    {
        Model = model;
        Epochs = epochs;
        Steps = steps;
        Samples = samples;
    }

    /// <summary>The model that is being trained.</summary>
    public Sequential Model { get; }

    /// <summary>Number of epochs the run was asked for.</summary>
    public int Epochs { get; }

    /// <summary>Number of batches in an epoch.</summary>
    public int Steps { get; }

    /// <summary>Number of training samples.</summary>
    public int Samples { get; }

    /// <summary>Why training is to stop after the current batch, or null to go on.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Asks for the end of training.</summary>
    /// <param name="reason">Why, for the log.</param>
    public void Stop(string reason) => StopReason ??= reason;
}

/// <summary>Looks on, and may intervene, at fixed points of a training run. All methods do nothing unless overridden.</summary>
public abstract class Callback
{
    /// <summary>Before the first epoch. The place to check options against the run, and to forget what an earlier run left.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnTrainBegin(TrainingRun run)
    {
    }

    /// <summary>After the last epoch, also when training was cancelled or failed.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnTrainEnd(TrainingRun run)
    {
    }

    /// <summary>Before an epoch.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">Index of the epoch in this run, from 0.</param>
    public virtual void OnEpochBegin(TrainingRun run, int epoch)
    {
    }

    /// <summary>After an epoch and its validation.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">Index of the epoch in this run, from 0.</param>
    /// <param name="logs">Loss and metrics of the epoch; those of the validation data begin with <c>val_</c>.</param>
    public virtual void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
    }

    /// <summary>Before a batch.</summary>
    /// <param name="run">The run.</param>
    /// <param name="batch">Index of the batch in the epoch, from 0.</param>
    public virtual void OnBatchBegin(TrainingRun run, int batch)
    {
    }

    /// <summary>After a batch and its update.</summary>
    /// <param name="run">The run.</param>
    /// <param name="batch">Index of the batch in the epoch, from 0.</param>
    /// <param name="logs">Loss and metrics of the epoch so far.</param>
    public virtual void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs)
    {
    }
}
