using Recurrent.Losses;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// The loss at one output where it looks at more than a column: the columns of all shards are put together as one batch, and its
/// gradient is given back to each. One thread does it, in one order.
/// </summary>
internal sealed class WholeBatchLoss
{
    private Real[] targets = [];
    private Real[] predictions = [];
    private Real[] gradient = [];
    private Real[] weights = [];
    private bool[] counts = [];
    private double[] scratch = [];

    /// <summary>Computes the loss, which the first shard then holds, and the gradient at the output of every shard.</summary>
    /// <param name="shards">The shards after their forward pass.</param>
    /// <param name="index">Which output it is.</param>
    /// <param name="data">The loss, and how much it counts beside those of other outputs.</param>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="differentiable">Whether a backward pass follows.</param>
    public void Compute(Shard[] shards, int index, OutputData data, ReadOnlySpan<int> samples, bool differentiable)
    {
        var loss = (BatchLoss)data.Loss;
        OutputHead first = shards[0].Heads[index];
        Shape shape = first.Output.SampleShape;
        int rows = first.Output.Values.RowCount;
        int targetRows = first.Targets!.RowCount;
        int steps = first.Output.Values.ColumnCount / shards[0].Size;
        int targetSteps = first.Targets.ColumnCount / shards[0].Size;
        int columns = steps * samples.Length;
        Fit(ref targets, targetRows * targetSteps * samples.Length);
        Fit(ref predictions, rows * columns);
        Fit(ref gradient, differentiable ? rows * columns : 0);
        Fit(ref counts, columns);
        Fit(ref weights, data.Weights is null ? 0 : samples.Length);
        Fit(ref scratch, loss.ScratchLength(samples.Length, steps, rows, targetRows));
        foreach (Shard shard in shards)
        {
            OutputHead head = shard.Heads[index];
            Copy(head.Targets!.Values, targets, targetRows, targetSteps, shard, samples.Length);
            Copy(head.Output.Values.Values, predictions, rows, steps, shard, samples.Length);
            Copy(head.Counts, counts, 1, steps, shard, samples.Length);
            for (int b = 0; b < shard.Size && data.Weights is not null; b++)
            {
                weights[shard.BatchStart + b] = head.SampleWeight(b);
            }

            head.Loss = 0;
        }

        var batch = new LossBatch
        {
            Targets = targets,
            TargetRows = targetRows,
            Predictions = predictions,
            SampleShape = shape,
            Samples = samples.Length,
            Counts = counts,
            Weights = weights,
            Indices = samples,
            Scratch = scratch,
        };
        first.Loss = loss.Evaluate(batch, gradient);
        foreach (Shard shard in shards)
        {
            if (differentiable)
            {
                shard.Heads[index].TakeGradient(gradient, shard.BatchStart, samples.Length, (Real)data.LossWeight);
            }
        }
    }

    private static void Fit<T>(ref T[] room, int length)
    {
        if (room.Length != length)
        {
            room = new T[length];
        }
    }

    /// <summary>Copies the columns of a shard to their places in the batch.</summary>
    private static void Copy<T>(ReadOnlySpan<T> own, Span<T> whole, int rows, int steps, Shard shard, int samples)
    {
        int block = shard.Size * rows;
        for (int step = 0; step < steps; step++)
        {
            own.Slice(step * block, block).CopyTo(whole[(((step * samples) + shard.BatchStart) * rows)..]);
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
    public void Compute(Shard[] shards, TrainingData data, ReadOnlySpan<int> samples, bool differentiable)
    {
        for (int i = 0; i < losses.Length; i++)
        {
            if (data.Outputs[i] is { Loss: BatchLoss } output)
            {
                (losses[i] ??= new()).Compute(shards, i, output, samples, differentiable);
            }
        }
    }
}
