namespace Recurrent.Callbacks;

/// <summary>Looks on, and may intervene, at fixed points of a training run. All methods do nothing unless overridden.</summary>
public abstract class Callback
{
    /// <summary>
    /// Before anything is done, for every callback before any of them begins: the place to hold options against the run.
    /// </summary>
    /// <param name="run">The run; its model may not be built yet.</param>
    /// <exception cref="ArgumentException">The options do not fit the run. Fit throws it on; nothing has changed
    /// then.</exception>
    public virtual void Check(TrainingRun run)
    {
    }

    /// <summary>Before the first epoch. The place to forget what an earlier run left.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnTrainBegin(TrainingRun run)
    {
    }

    /// <summary>After the last epoch, also when training was cancelled or failed; not when <see cref="OnTrainBegin"/>
    /// failed.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnTrainEnd(TrainingRun run)
    {
    }

    /// <summary>
    /// What the callback has counted and kept in this run, for <see cref="BackupAndRestore"/>; null (the default) for nothing. A
    /// callback of your own that counts should say so here, or a run that is resumed has it count from the beginning.
    /// </summary>
    public virtual CallbackState? SaveState() => null;

    /// <summary>
    /// Goes on from what <see cref="SaveState"/> gave in a run that was killed; called after <see cref="OnTrainBegin"/> and,
    /// where the run goes on in the middle of an epoch, after its <see cref="OnEpochBegin"/>.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ArgumentException">It is not that of such a callback.</exception>
    public virtual void RestoreState(CallbackState state)
    {
    }

    /// <summary>Whether it writes files or tells others: of several processes that train one model, one does that.</summary>
    internal virtual bool WritesOutside => false;

    /// <summary>Before an epoch.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">Index of the epoch, from 0 for a model that is new; it goes on from run to run, see
    /// <see cref="TrainingRun.InitialEpoch"/>.</param>
    public virtual void OnEpochBegin(TrainingRun run, int epoch)
    {
    }

    /// <summary>After an epoch and its validation.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">Index of the epoch, from 0 for a model that is new; it goes on from run to run, see
    /// <see cref="TrainingRun.InitialEpoch"/>.</param>
    /// <param name="logs">Loss and metrics of the epoch; those of the validation data begin with <c>val_</c> and are missing
    /// where a callback ended the epoch before its last batch.</param>
    public virtual void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
    }

    /// <summary>Before the model is evaluated on validation data.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnTestBegin(TrainingRun run)
    {
    }

    /// <summary>After the model has been evaluated on validation data, also when that was cancelled or failed.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnTestEnd(TrainingRun run)
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
    /// <param name="logs">Loss and metrics of the epoch so far, computed when they are asked for; valid during the call
    /// only.</param>
    public virtual void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs)
    {
    }
}
