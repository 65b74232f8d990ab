using Recurrent.Models;

namespace Recurrent.Callbacks;

/// <summary>Looks on, and may intervene, at fixed points of training, evaluation and prediction. All methods do nothing unless
/// overridden.</summary>
/// <remarks>
/// <c>Fit</c> calls all of them but those of prediction, <c>Evaluate</c> those of tests (as <c>Fit</c> does for its validation),
/// <c>Predict</c> those of prediction. In an evaluation or a prediction of its own, <see cref="TrainingRun.Epochs"/> is 0,
/// <see cref="Check"/> is not called, and <see cref="TrainingRun.Stop"/> ends it after the batch (Keras's
/// <c>stop_evaluating</c>, <c>stop_predicting</c>).
/// </remarks>
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

    /// <summary>Whether it lets other weights take the place of the model's while that is evaluated or predicts.</summary>
    internal virtual bool SwapsWeights => false;

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

    /// <summary>Before the model is evaluated, on validation data or by <c>Evaluate</c>.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnTestBegin(TrainingRun run)
    {
    }

    /// <summary>After the model has been evaluated, also when that was cancelled or failed.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnTestEnd(TrainingRun run)
    {
    }

    /// <summary>After the model has been evaluated; calls <see cref="OnTestEnd(TrainingRun)"/> unless overridden.</summary>
    /// <param name="run">The run.</param>
    /// <param name="logs">Loss and metrics; empty where the evaluation was cancelled or failed.</param>
    public virtual void OnTestEnd(TrainingRun run, IReadOnlyDictionary<string, double> logs) => OnTestEnd(run);

    /// <summary>Before a batch is evaluated.</summary>
    /// <param name="run">The run.</param>
    /// <param name="batch">Index of the batch, from 0.</param>
    public virtual void OnTestBatchBegin(TrainingRun run, int batch)
    {
    }

    /// <summary>After a batch has been evaluated.</summary>
    /// <param name="run">The run.</param>
    /// <param name="batch">Index of the batch, from 0.</param>
    /// <param name="logs">Loss and metrics of the evaluation so far, computed when they are asked for; valid during the call
    /// only.</param>
    public virtual void OnTestBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs)
    {
    }

    /// <summary>Before <c>Predict</c> runs its first batch.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnPredictBegin(TrainingRun run)
    {
    }

    /// <summary>After <c>Predict</c> has run its last batch, also when it was cancelled or failed.</summary>
    /// <param name="run">The run.</param>
    public virtual void OnPredictEnd(TrainingRun run)
    {
    }

    /// <summary>Before a batch is predicted.</summary>
    /// <param name="run">The run.</param>
    /// <param name="batch">Index of the batch, from 0.</param>
    public virtual void OnPredictBatchBegin(TrainingRun run, int batch)
    {
    }

    /// <summary>After a batch has been predicted.</summary>
    /// <param name="run">The run.</param>
    /// <param name="batch">Index of the batch, from 0.</param>
    /// <param name="outputs">Each output of the model for the samples of the batch: an array, or sequences of unequal
    /// length.</param>
    public virtual void OnPredictBatchEnd(TrainingRun run, int batch, IReadOnlyList<ModelData> outputs)
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
