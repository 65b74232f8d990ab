using System.Runtime.ExceptionServices;
using Recurrent.Callbacks;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>The epochs and batches of one call of <c>Fit</c>.</summary>
internal sealed class FitLoop
{
    private readonly TrainingContext context;
    private readonly EpochFeed feed;
    private readonly FitPlan plan;
    private readonly Callback[] callbacks;
    private readonly CancellationToken cancellation;
    private readonly Objective objective;
    private readonly BatchLogs batchLogs;
    private readonly TrainingRun run;
    private readonly RunBackup? backup;
    private readonly int initialEpoch;
    private TrainStep? step;
    private TruncatedSteps? pieces;
    private TrainingData? piecesOf;

    // Where the run stands, and whether all before it is done and nothing of it is.
    private (int Epoch, int Batch) place;
    private bool between;
    private bool isCancelled;
    private bool diverged;

    /// <summary>Prepares a run and lets every callback check its options against it. Nothing is changed yet.</summary>
    public FitLoop(Model model, EpochFeed feed, FitPlan plan, Callback[] callbacks, CancellationToken cancellation)
    {
        context = model.Context;
        this.feed = feed;
        this.plan = plan;
        this.callbacks = callbacks;
        this.cancellation = cancellation;
        objective = Objective.For(context.Compiled!, feed.Typical);
        batchLogs = new BatchLogs(objective);
        IEnumerable<string> names = objective.Names;
        if (plan.Validation is not null)
        {
            names = names.Concat(objective.Names.Select(name => TrainingRun.ValidationPrefix + name));
        }

        backup = RunBackup.For(model, callbacks, () => plan.Settings(model, callbacks, feed));
        if (!WritesBackups)
        {
            // They stay in the backup's list, and are not called.
            this.callbacks = [.. callbacks.Where(callback => !callback.WritesOutside)];
            callbacks = this.callbacks;
        }

        backup?.Check(objective);
        bool resumed = backup?.IsResumed == true;
        initialEpoch = resumed ? backup!.InitialEpoch : plan.InitialEpoch;
        place = resumed ? (backup!.Epoch, backup.Batch) : (plan.InitialEpoch, 0);
        run = new TrainingRun(model, plan.LastEpoch(initialEpoch), feed.Steps ?? 0, feed.Samples ?? 0, [.. names], place.Epoch)
        {
            IsResumed = resumed,
        };
        foreach (Callback callback in callbacks)
        {
            callback.Check(run);
        }
    }

    /// <summary>Is told which samples come next, before they are taken; null for nobody.</summary>
    public Action<ReadOnlyMemory<int>>? Preparing { get; init; }

    /// <summary>Trains; the model is built.</summary>
    public History Run()
    {
        backup?.Verify();
        step = new TrainStep(context, feed.Typical);
        context.Guard.BeginRun();
        var history = new History(run.MetricNames, initialEpoch);
        context.Progress = context.Progress with { Epochs = place.Epoch };
        if (run.IsResumed)
        {
            backup!.RestoreModel();
            backup.RestoreHistory(history);
            feed.Resume(backup.Place);
        }

        // Nobody writes a backup before everybody has read the one there is.
        context.Ranks?.RequireSame("where the run goes on", FormattableString.Invariant(
            $"epoch {place.Epoch}, batch {place.Batch}, update {context.Progress.Steps}"));
        int begun = 0;
        try
        {
            for (; begun < callbacks.Length; begun++)
            {
                callbacks[begun].OnTrainBegin(run);
            }

            if (run.IsResumed)
            {
                backup!.RestoreCallbacks();
            }

            RunEpochs(history);
            if (!diverged)
            {
                context.Optimizer.FinalizeVariableValues();
            }
        }
        catch
        {
            // What went wrong first is what the caller hears of, whatever else goes wrong on the way out.
            SaveWhatThereIs(history);
            context.Guard.EndRun();
            End(begun);
            throw;
        }

        context.Guard.EndRun();
        Exception? failure = End(begun);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        history.StopReason = run.StopReason;
        history.Diverged = diverged;
        history.Warnings = [.. context.Warnings];
        return history;
    }

    private void RunEpochs(History history)
    {
        if (backup?.StopReason is { } reason)
        {
            run.Stop(reason);
        }

        bool cancelled = false;
        while (place.Epoch < run.Epochs && GoesOn())
        {
            cancelled = isCancelled || !RunEpoch(history);
            if (cancelled)
            {
                run.Stop("cancelled");
            }
        }

        if (cancelled)
        {
            Save(history);
        }
        else if (WritesBackups)
        {
            backup?.Finish();
        }
    }

    /// <summary>Ends every callback that has begun, also when one of them fails.</summary>
    /// <returns>The first failure, or null.</returns>
    private Exception? End(int begun)
    {
        Exception? first = null;
        foreach (Callback callback in callbacks.AsSpan(0, begun))
        {
            try
            {
                callback.OnTrainEnd(run);
            }
            catch (Exception exception)
            {
                first ??= exception;
            }
        }

        return first;
    }

    /// <summary>Runs one epoch, or what is left of it; false when it was cancelled before its end.</summary>
    private bool RunEpoch(History history)
    {
        (int epoch, int first) = place;
        foreach (Callback callback in callbacks)
        {
            callback.OnEpochBegin(run, epoch);
        }

        feed.BeginEpoch(epoch, first);
        context.Progress = context.Progress with { Epochs = epoch + 1L };
        context.Guard.BeginEpoch();
        objective.Reset();
        if (first > 0)
        {
            // What callbacks do before an epoch was done before this one broke off.
            backup!.RestoreModel();
            backup.RestoreCallbacks();
            backup.RestoreObjective(objective);
        }

        if (!RunBatches(epoch, first, history))
        {
            return false;
        }

        step!.CheckEpoch();
        StopWhere(step.Divergence, epoch, place.Batch - 1);
        var logs = new Dictionary<string, double>(objective.Logs(), StringComparer.Ordinal);
        if (plan.Validates(epoch) && run.StopReason is null && !AddValidation(epoch, logs))
        {
            return false;
        }

        run.EndEpoch(callbacks, epoch, logs);
        history.Add(logs);
        place = (epoch + 1, 0);
        Save(history);
        return true;
    }

    private bool RunBatches(int epoch, int first, History history)
    {
        for (int batch = first; GoesOn(); batch++)
        {
            if (isCancelled)
            {
                return false;
            }

            between = true;
            bool isThere = feed.TryNext(out TrainingData data, out ReadOnlyMemory<int> samples);
            if (context.Ranks is { } ranks && feed.Samples is null)
            {
                // Each rank has read for itself.
                RankAgreement.RequireBatch(ranks, epoch, batch, isThere ? data : null);
            }

            if (!isThere)
            {
                run.Steps = feed.Steps ?? batch;
                return true;
            }

            between = false;
            RunBatch(epoch, batch, data, samples);
            place = (epoch, batch + 1);
            if (backup?.IsDue(batch) == true)
            {
                Save(history);
            }
        }

        return true;
    }

    /// <summary>
    /// Whether nothing has stopped the run. Of several ranks all stop where one does, be it that its callback looks at a clock or
    /// that it alone was cancelled: the others would wait for it.
    /// </summary>
    private bool GoesOn()
    {
        isCancelled = cancellation.IsCancellationRequested;
        if (context.Ranks is { } ranks)
        {
            byte[] said = ranks.Tell((byte)((isCancelled ? 1 : 0) | (run.StopReason is null ? 0 : 2)));
            isCancelled = said.Any(one => (one & 1) != 0);
            int stopped = Array.FindIndex(said, one => (one & 2) != 0);
            if (stopped >= 0)
            {
                run.Stop(FormattableString.Invariant($"rank {stopped} has stopped"));
            }
        }

        return run.StopReason is null;
    }

    private void RunBatch(int epoch, int batch, TrainingData data, ReadOnlyMemory<int> samples)
    {
        foreach (Callback callback in callbacks)
        {
            callback.OnBatchBegin(run, batch);
        }

        Preparing?.Invoke(samples);
        step!.Data = data;
        if (plan.PieceLength is int length)
        {
            RunPieces(data, samples, length);
        }
        else
        {
            using BatchLease trained = step.Run(samples);
            objective.Update(trained.Batch, step.Loss);
        }

        batchLogs.Renew();
        foreach (Callback callback in callbacks)
        {
            callback.OnBatchEnd(run, batch, batchLogs);
        }

        StopWhere(pieces is null ? step!.Divergence : pieces.Divergence, epoch, batch);
    }

    private void RunPieces(TrainingData data, ReadOnlyMemory<int> samples, int length)
    {
        if (piecesOf != data)
        {
            pieces = new TruncatedSteps(context, data, length);
            piecesOf = data;
        }

        pieces!.Run(samples, objective);
    }

    /// <summary>Ends training where a number was not finite; a callback may have given a reason before.</summary>
    private void StopWhere(string? divergence, int epoch, int batch)
    {
        if (divergence is not null)
        {
            diverged = true;
            run.Stop(FormattableString.Invariant($"training diverged in batch {batch + 1} of epoch {epoch + 1}: {divergence}"));
        }
    }

    private bool AddValidation(int epoch, Dictionary<string, double> logs)
    {
        try
        {
            // Of several ranks, one that broke off would leave the others alone.
            CancellationToken breaking = context.Ranks is null ? cancellation : CancellationToken.None;
            var round = new CallbackRound(callbacks, run, stops: false);
            foreach ((string name, double value) in round.Test(watch => plan.Validation!.Evaluate(watch, breaking)))
            {
                logs[TrainingRun.ValidationPrefix + name] = value;
            }

            if (context.Ranks is { } ranks)
            {
                RankAgreement.RequireValidation(ranks, epoch, logs);
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            isCancelled = true;
            return false;
        }
    }

    // Of several ranks one writes.
    private bool WritesBackups => context.Ranks is not { Link.Rank: > 0 };

    private void Save(History history)
    {
        if (backup is not null && WritesBackups)
        {
            // Whatever stands in for the weights at the end of an epoch makes room for them before the next one begins.
            context.Optimizer.ShowAverages(false);
            string? reason = isCancelled && run.StopReason == "cancelled" ? null : run.StopReason;
            backup.Save(place, feed.Place, place.Batch == 0 ? null : objective, history, reason);
        }
    }

    /// <summary>Backs up a run whose data have failed: the batches before are done, and nothing of the next one is.</summary>
    private void SaveWhatThereIs(History history)
    {
        if (!between || backup is null)
        {
            return;
        }

        try
        {
            Save(history);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The failure before is what the caller needs to hear of, and the last backup is there.
        }
    }
}
