using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;

namespace Recurrent.Training;

/// <summary>One update of the parameters: forward, loss, backward, optimizer.</summary>
/// <param name="context">What is trained.</param>
/// <param name="data">Where the samples come from.</param>
internal sealed class TrainStep(TrainingContext context, TrainingData data)
{
    /// <summary>Where the samples come from.</summary>
    public TrainingData Data { get; set; } = data;

    /// <summary>
    /// What was no finite number in the last step, and the likely cause; null where all were. The parameters are those of a step
    /// that was in order, then, and so are the optimizer's moments.
    /// </summary>
    public string? Divergence { get; private set; }

    /// <summary>The loss of the last batch before its update, penalties included.</summary>
    public double Loss { get; private set; }

    /// <summary>Does the update.</summary>
    /// <param name="samples">The batch.</param>
    /// <returns>The batch with its outputs and targets.</returns>
    public BatchLease Run(ReadOnlyMemory<int> samples) =>
        Run(samples, context.StatesFor(samples.Length, samples.Length, out _));

    /// <summary>Does the update, unless nothing in the batch counts, and leaves behind the states that the batch ended
    /// with.</summary>
    /// <param name="samples">The batch.</param>
    /// <param name="carried">States to go on from, or null.</param>
    /// <returns>The batch with its outputs and targets.</returns>
    public BatchLease Run(ReadOnlyMemory<int> samples, StateStore? carried)
    {
        Divergence = null;
        PrepareLayers();
        BatchLease trained = ComputeGradients(samples, true, carried, context.Optimizer.LossScaleFactor ?? 1);
        ShardedBatch batch = trained.Batch;
        if (!double.IsFinite(Loss))
        {
            TakeBack(Training.Divergence.OfLoss(batch), context.Optimizer.Iterations, carried, samples);
        }
        else if (batch.CountedColumns > 0)
        {
            Update(batch, Loss, carried);
        }

        return trained;
    }

    /// <summary>Looks at what no loss has shown yet: the optimizer's moments, and weights that the last update has thrown far
    /// away.</summary>
    public void CheckEpoch()
    {
        if (Divergence is not null)
        {
            return;
        }

        if (context.Guard.IndexOfSpoiledSlot() is var spoiled && spoiled >= 0)
        {
            TakeBack(Training.Divergence.OfSlot(spoiled, context), context.Optimizer.Iterations - 1, null);
        }
        else if (context.Guard.SpoiledStatistic() is { } statistic)
        {
            TakeBack(Training.Divergence.OfStatistic(statistic, context), context.Optimizer.Iterations, null);
        }
        else if (context.Guard.IndexOfOvergrown() is var overgrown && overgrown >= 0)
        {
            TakeBack(Training.Divergence.OfWeight(overgrown, context), context.Optimizer.Iterations, null);
        }
    }

    /// <summary>Computes loss and gradients, penalties included, and changes nothing.</summary>
    /// <param name="samples">The batch.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    /// <param name="carried">States to go on from, or null.</param>
    /// <param name="lossScale">By what the gradients, and not the loss, are multiplied.</param>
    /// <returns>The batch with its gradients.</returns>
    public BatchLease ComputeGradients(
        ReadOnlyMemory<int> samples, bool training, StateStore? carried, double lossScale = 1)
    {
        BatchRunner runner = context.Runner;
        runner.Prepare();
        BatchLease computed = runner.Rent(Data.Inputs.ShapesOf(samples.Span), samples.Length, differentiable: true,
            context.Ranks);
        ulong key = SeededRandom.Key((ulong)context.Seed ^ 0x5354455053UL, (ulong)context.Progress.Steps);
        ShardedBatch batch = computed.Batch;
        batch.Backward(Data, samples, training, key, context.MaxDegreeOfParallelism, carried, lossScale);
        Penalties.AddGradients(runner.TrainableParameters, batch.Gradients, lossScale);
        Loss = batch.Loss + Penalties.Sum(runner.TrainableParameters);
        return computed;
    }

    /// <summary>
    /// Lets layers change what they change themselves before an update, as the next one would find them, until what is given is
    /// disposed of, which puts everything back.
    /// </summary>
    /// <returns>Null where no layer changes anything.</returns>
    public IDisposable? PrepareForNow()
    {
        Parameter[] changed =
        [
            .. context.Runner.Network.Nodes.Where(node => node.Layer.ChangesBeforeUpdate)
                .SelectMany(node => node.Layer.Parameters).Distinct(),
        ];
        if (changed.Length == 0)
        {
            return null;
        }

        var before = new Before(context.Guard, changed, [.. changed.Select(parameter => parameter.Values.ToArray())]);
        PrepareLayers();
        return before;
    }

    /// <summary>Lets layers change what they change themselves before an update.</summary>
    private void PrepareLayers()
    {
        bool known = context.Guard.IsCurrent;
        foreach (NetworkNode node in context.Runner.Network.Nodes)
        {
            node.Layer.BeforeUpdate();
        }

        if (known)
        {
            context.Guard.Follow();
        }
    }

    private void Update(ShardedBatch batch, double loss, StateStore? carried)
    {
        TrainingGuard guard = context.Guard;
        guard.BeforeUpdate(loss);
        bool finite = context.Optimizer.TryApply(batch.Gradients, context.MaxDegreeOfParallelism);
        guard.AfterUpdate();
        context.Progress = context.Progress with { Steps = context.Progress.Steps + 1 };
        if (finite)
        {
            batch.UpdateStatistics();
        }
        else
        {
            TakeBack(Training.Divergence.OfUpdate(batch, context), context.Optimizer.Iterations - 1, carried);
        }
    }

    /// <summary>Goes back to weights that were in order.</summary>
    /// <param name="what">What was no finite number.</param>
    /// <param name="iterations">Number of updates that had gone well.</param>
    /// <param name="carried">The states that the batch left behind, or null.</param>
    /// <param name="samples">The batch whose loss is at fault; none where it was an update.</param>
    private void TakeBack(string what, long iterations, StateStore? carried, ReadOnlyMemory<int> samples = default)
    {
        // What the update was done with, before it is forgotten.
        double rate = context.Optimizer.LearningRate;
        long behind = context.Guard.Behind;
        TrainingSnapshot? now = null;
        if (behind > 0 && !samples.IsEmpty)
        {
            now = new TrainingSnapshot(context.Runner.TrainableParameters, context.Optimizer);
            now.Take();
        }

        context.Guard.Restore();
        if (now is not null && !LossIsFinite(samples))
        {
            // The older weights fare no better, so it is the data: the newer ones are as good as they were.
            now.Restore();
            behind = 0;
        }

        context.ResetSpoiledStates();
        carried?.ClearIfSpoiled();
        string kept = behind switch
        {
            0 => "The weights are those before this batch",
            1 => "The weights are those before the last update",
            var count =>
            FormattableString.Invariant($"The weights are those of {count} updates before, when the loss was still in order"),
        };
        Divergence = $"{what}. {Training.Divergence.Cause(context, Data, iterations, rate)} {kept}";
    }

    private bool LossIsFinite(ReadOnlyMemory<int> samples)
    {
        context.Runner.Prepare();
        using BatchLease tried = context.Runner.Rent(Data.Inputs.ShapesOf(samples.Span), samples.Length, differentiable: false);
        tried.Batch.ComputeLoss(Data, samples, context.MaxDegreeOfParallelism, null);
        return double.IsFinite(tried.Batch.Loss + Penalties.Sum(context.Runner.TrainableParameters));
    }

    /// <summary>Parameters as they were, to be put back.</summary>
    private sealed class Before(TrainingGuard guard, Parameter[] changed, Real[][] values) : IDisposable
    {
        public void Dispose()
        {
            bool known = guard.IsCurrent;
            for (int i = 0; i < changed.Length; i++)
            {
                values[i].CopyTo(changed[i].Values);
                changed[i].MarkChanged();
            }

            if (known)
            {
                guard.Follow();
            }
        }
    }
}
