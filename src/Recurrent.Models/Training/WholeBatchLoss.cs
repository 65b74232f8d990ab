using Recurrent.Losses;

namespace Recurrent.Training;

/// <summary>
/// The loss at one output where it looks at more than a column: the columns of all shards are put together as one batch, and its
/// gradient is given back to each. One thread does it, in one order.
/// </summary>
internal sealed class WholeBatchLoss
{
    private readonly WholeBatch whole = new();
    private Real[] gradient = [];
    private double[] scratch = [];

    /// <summary>Computes the loss, which the first shard then holds, and the gradient at the output of every shard.</summary>
    /// <param name="shards">The shards after their forward pass.</param>
    /// <param name="index">Which output it is.</param>
    /// <param name="data">The loss, and how much it counts beside those of other outputs.</param>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="differentiable">Whether a backward pass follows.</param>
    /// <param name="lossScale">By what the gradient, and not the loss, is multiplied.</param>
    public void Compute(
        Shard[] shards, int index, OutputData data, ReadOnlySpan<int> samples, bool differentiable, double lossScale)
    {
        var loss = (BatchLoss)data.Loss;
        whole.Gather(shards, index, samples.Length, data.Weights is not null, ofLoss: true);
        WholeBatch.Fit(ref gradient, differentiable ? whole.Predictions.Length : 0);
        WholeBatch.Fit(ref scratch, loss.ScratchLength(samples.Length, whole.Steps, whole.Rows, whole.TargetRows));
        foreach (Shard shard in shards)
        {
            shard.Heads[index].Loss = 0;
        }

        var batch = new LossBatch
        {
            Targets = whole.Targets,
            TargetRows = whole.TargetRows,
            Predictions = whole.Predictions,
            SampleShape = whole.Shape,
            Samples = samples.Length,
            Counts = whole.Counts,
            Weights = whole.Weights,
            Indices = samples,
            Scratch = scratch,
        };
        shards[0].Heads[index].Loss = loss.Evaluate(batch, gradient);
        foreach (Shard shard in shards)
        {
            // Those that run in other processes have none here.
            if (differentiable && shard.Pass.Gradients is not null)
            {
                shard.Heads[index].TakeGradient(gradient, shard.BatchStart, samples.Length, (Real)(data.LossWeight * lossScale));
            }
        }
    }
}

/// <summary>The losses of a model that look at more than a column.</summary>
/// <param name="outputs">Number of outputs.</param>
internal sealed class WholeBatchLosses(int outputs)
{
    private readonly WholeBatchLoss?[] losses = new WholeBatchLoss?[outputs];

    /// <summary>Computes each of them.</summary>
    /// <param name="shards">The shards after their forward pass.</param>
    /// <param name="data">The losses.</param>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="differentiable">Whether a backward pass follows.</param>
    /// <param name="lossScale">By what the gradient, and not the loss, is multiplied.</param>
    public void Compute(
        Shard[] shards, TrainingData data, ReadOnlySpan<int> samples, bool differentiable, double lossScale)
    {
        for (int i = 0; i < losses.Length; i++)
        {
            if (data.Outputs[i] is { Loss: BatchLoss } output)
            {
                (losses[i] ??= new()).Compute(shards, i, output, samples, differentiable, lossScale);
            }
        }
    }
}
