using System.Runtime.ExceptionServices;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Random;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>The epochs and batches of one call of <c>Fit</c>.</summary>
internal sealed class FitLoop
{
    private readonly TrainingContext context;
    private readonly FitData data;
    private readonly Callback[] callbacks;
    private readonly CancellationToken cancellation;
    private readonly Objective objective;
    private readonly BatchLogs batchLogs;
    private readonly TrainingRun run;
    private readonly int[] order;
    private StateStore? validationStates;
    private TrainStep? step;
    private bool diverged;
    private TruncatedSteps? pieces;

    /// <summary>Prepares a run and lets every callback check its options against it. Nothing is changed yet.</summary>
    public FitLoop(Model model, FitData data, Callback[] callbacks, CancellationToken cancellation)
    {
        context = model.Context;
        this.data = data;
        this.callbacks = callbacks;
        this.cancellation = cancellation;
        order = new int[data.Training.Count];
        int steps = (order.Length + data.BatchSize - 1) / data.BatchSize;
        objective = Objective.For(context.Compiled!, data.Training);
        batchLogs = new BatchLogs(objective);
        IEnumerable<string> names = objective.Names;
        if (data.Validation is not null)
        {
            names = names.Concat(objective.Names.Select(name => TrainingRun.ValidationPrefix + name));
        }

        run = new TrainingRun(model, data.Epochs, steps, order.Length, [.. names], data.InitialEpoch);
        foreach (Callback callback in callbacks)
        {
            callback.Check(run);
        }
    }

    /// <summary>Steps of a piece, where sequences are trained on piece by piece; else null.</summary>
    public int? PieceLength { get; init; }

    /// <summary>Checks the list of callbacks itself; what each one needs, it checks when the run is known.</summary>
    public static IReadOnlyList<Callback> CheckList(IReadOnlyList<Callback>? callbacks)
    {
        var seen = new HashSet<Callback>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < callbacks?.Count; i++)
        {
            if (callbacks[i] is null)
            {
                throw new ArgumentException($"callbacks[{i}] is null.", nameof(callbacks));
            }

            if (!seen.Add(callbacks[i]))
            {
                throw new ArgumentException(
                    $"callbacks[{i}], {callbacks[i].GetType().Name}, is in the list already. Create an object of its own for "
                    + "each place.", nameof(callbacks));
            }
        }

        return callbacks ?? [];
    }

    /// <summary>Trains; the model is built.</summary>
    public History Run()
    {
        step = new TrainStep(context, data.Training);
        context.Guard.BeginRun();
        pieces = PieceLength is int length ? new TruncatedSteps(context, data.Training, length) : null;
        var history = new History(run.MetricNames, data.InitialEpoch);
        context.Progress = context.Progress with { Epochs = data.InitialEpoch };
        int begun = 0;
        try
        {
            for (; begun < callbacks.Length; begun++)
            {
                callbacks[begun].OnTrainBegin(run);
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
        history.Warnings = [.. context.Warnings];
        return history;
    }

    private void RunEpochs(History history)
    {
        for (int epoch = data.InitialEpoch; epoch < data.Epochs && run.StopReason is null; epoch++)
        {
            if (cancellation.IsCancellationRequested || !RunEpoch(epoch, history))
            {
                run.Stop("cancelled");
            }
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

    /// <summary>Runs one epoch; false when it was cancelled before its end.</summary>
    private bool RunEpoch(int epoch, History history)
    {
        foreach (Callback callback in callbacks)
        {
            callback.OnEpochBegin(run, epoch);
        }

        ArrangeSamples();
        context.Guard.BeginEpoch();
        objective.Reset();
        for (int batch = 0; batch < run.Steps && run.StopReason is null; batch++)
        {
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }

            RunBatch(epoch, batch);
        }

        step!.CheckEpoch();
        StopWhere(step.Divergence, epoch, run.Steps - 1);
        var logs = new Dictionary<string, double>(objective.Logs(), StringComparer.Ordinal);
        if (data.Validation is not null && run.StopReason is null && !AddValidation(logs))
        {
            return false;
        }

        run.EndEpoch(callbacks, epoch, logs);
        history.Add(logs);
        return true;
    }

    private void RunBatch(int epoch, int batch)
    {
        foreach (Callback callback in callbacks)
        {
            callback.OnBatchBegin(run, batch);
        }

        int start = batch * data.BatchSize;
        ReadOnlyMemory<int> samples = order.AsMemory(start, Math.Min(data.BatchSize, order.Length - start));
        if (pieces is null)
        {
            using BatchLease trained = step!.Run(samples);
            objective.Update(trained.Batch, step.Loss);
        }
        else
        {
            pieces.Run(samples, objective);
        }

        batchLogs.Renew();
        foreach (Callback callback in callbacks)
        {
            callback.OnBatchEnd(run, batch, batchLogs);
        }

        StopWhere(pieces is null ? step!.Divergence : pieces.Divergence, epoch, batch);
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

    /// <summary>The order of an epoch follows from the seed and the number of epochs ever begun, so that resumed training takes
    /// the same one.</summary>
    private void ArrangeSamples()
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (data.Shuffle)
        {
            var random = new SeededRandom(SeededRandom.Key((ulong)context.Seed ^ 0x4F52444552UL, (ulong)context.Progress.Epochs));
            random.Shuffle<int>(order);
            data.Training.Inputs.Arrange(order, data.BatchSize, random);
        }

        context.Progress = context.Progress with { Epochs = context.Progress.Epochs + 1 };
    }

    private bool AddValidation(Dictionary<string, double> logs)
    {
        int begun = 0;
        try
        {
            for (; begun < callbacks.Length; begun++)
            {
                callbacks[begun].OnTestBegin(run);
            }

            // States of its own, from zero on: those that training goes on from stay as they are.
            int size = Math.Min(data.BatchSize, data.Validation!.Count);
            validationStates ??= StateStore.Create(context.Network, size);
            validationStates?.ClearAllBut(null);
            foreach ((string name, double value) in context.Evaluate(data.Validation, size, validationStates, cancellation))
            {
                logs[TrainingRun.ValidationPrefix + name] = value;
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            foreach (Callback callback in callbacks.AsSpan(0, begun))
            {
                callback.OnTestEnd(run);
            }
        }
    }
}
