using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Training;

/// <summary>The epochs and batches of one call of <c>Fit</c>.</summary>
internal sealed class FitLoop
{
    private readonly Sequential model;
    private readonly FitData data;
    private readonly Callback[] callbacks;
    private readonly CancellationToken cancellation;
    private readonly Objective objective;
    private readonly TrainStep step;
    private readonly TrainingRun run;
    private readonly int[] order;

    public FitLoop(Sequential model, FitData data, Callback[] callbacks, CancellationToken cancellation)
    {
        this.model = model;
        this.data = data;
        this.callbacks = callbacks;
        this.cancellation = cancellation;
        order = new int[data.Training.Count];
        int steps = (order.Length + data.BatchSize - 1) / data.BatchSize;
        run = new TrainingRun(model, data.Epochs, steps, order.Length);
        objective = Objective.For(model.Compiled!, model.OutputShape!.Features);
        step = new TrainStep(model, data.Training);
    }

    public History Run()
    {
        var history = new History();
        try
        {
            foreach (Callback callback in callbacks)
            {
                callback.OnTrainBegin(run);
            }

            for (int epoch = 0; epoch < data.Epochs && run.StopReason is null; epoch++)
            {
                if (!RunEpoch(epoch, history))
                {
                    run.Stop("cancelled");
                }
            }
        }
        finally
        {
            foreach (Callback callback in callbacks)
            {
                callback.OnTrainEnd(run);
            }
        }

        history.StopReason = run.StopReason;
        return history;
    }

    /// <summary>Runs one epoch; false when it was cancelled before its end.</summary>
    private bool RunEpoch(int epoch, History history)
    {
        foreach (Callback callback in callbacks)
        {
            callback.OnEpochBegin(run, epoch);
        }

        ArrangeSamples();
        objective.Reset();
        for (int batch = 0; batch < run.Steps && run.StopReason is null; batch++)
        {
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }

            RunBatch(batch);
        }

        var logs = new Dictionary<string, double>(objective.Logs(), StringComparer.Ordinal);
        if (data.Validation is not null && run.StopReason is null && !AddValidation(logs))
        {
            return false;
        }

        foreach (Callback callback in callbacks)
        {
            callback.OnEpochEnd(run, epoch, logs);
        }

        history.Add(logs);
        return true;
    }

    private void RunBatch(int batch)
    {
        foreach (Callback callback in callbacks)
        {
            callback.OnBatchBegin(run, batch);
        }

        int start = batch * data.BatchSize;
        ReadOnlyMemory<int> samples = order.AsMemory(start, Math.Min(data.BatchSize, order.Length - start));
        double loss = step.Run(samples, out ShardedBatch sharded);
        objective.Update(sharded, loss);
        model.Runner.Return(sharded);
        if (callbacks.Length > 0)
        {
            IReadOnlyDictionary<string, double> logs = objective.Logs();
            foreach (Callback callback in callbacks)
            {
                callback.OnBatchEnd(run, batch, logs);
            }
        }
    }

    /// <summary>The order of an epoch follows from the seed and the number of epochs ever begun, so that resumed training takes the same one.</summary>
    private void ArrangeSamples()
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (data.Shuffle)
        {
            new SeededRandom(SeededRandom.Key((ulong)model.Seed ^ 0x4F52444552UL, (ulong)model.Progress.Epochs)).Shuffle<int>(order);
        }

        model.Progress = model.Progress with { Epochs = model.Progress.Epochs + 1 };
    }

    private bool AddValidation(Dictionary<string, double> logs)
    {
        try
        {
            foreach ((string name, double value) in model.Evaluate(data.Validation!, data.BatchSize, cancellation))
            {
                logs["val_" + name] = value;
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
