using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>The columns of all shards at one output as one batch, for what looks at more than a column.</summary>
internal sealed class WholeBatch
{
    private Real[] targets = [];
    private Real[] predictions = [];
    private Real[] weights = [];
    private bool[] counts = [];

    /// <summary>The targets, column by column.</summary>
    public ReadOnlySpan<Real> Targets => targets;

    /// <summary>Entries of a column of the targets.</summary>
    public int TargetRows { get; private set; }

    /// <summary>The predictions, column by column.</summary>
    public ReadOnlySpan<Real> Predictions => predictions;

    /// <summary>Shape of a sample of the predictions; every axis known.</summary>
    public Shape Shape { get; private set; } = new();

    /// <summary>Entries of a column of the predictions.</summary>
    public int Rows { get; private set; }

    /// <summary>Number of steps of the predictions.</summary>
    public int Steps { get; private set; }

    /// <summary>For each column whether it counts; empty where all do.</summary>
    public ReadOnlySpan<bool> Counts => counts;

    /// <summary>The weight of each sample; empty where there are none.</summary>
    public ReadOnlySpan<Real> Weights => weights;

    /// <summary>Puts a batch together.</summary>
    /// <param name="shards">The shards after their forward pass.</param>
    /// <param name="index">Which output it is.</param>
    /// <param name="samples">Number of samples of the batch.</param>
    /// <param name="weighted">Whether samples have weights.</param>
    /// <param name="ofLoss">Whether what counts is what counts in the loss, or what no mask hides.</param>
    public void Gather(ReadOnlySpan<Shard> shards, int index, int samples, bool weighted, bool ofLoss)
    {
        OutputHead first = shards[0].Heads[index];
        Shape = first.Output.SampleShape;
        Rows = first.Output.Values.RowCount;
        TargetRows = first.Targets!.RowCount;
        Steps = first.Output.Values.ColumnCount / shards[0].Size;
        int targetSteps = first.Targets.ColumnCount / shards[0].Size;
        Fit(ref targets, TargetRows * targetSteps * samples);
        Fit(ref predictions, Rows * Steps * samples);
        Fit(ref counts, ofLoss || first.Output.Mask is not null ? Steps * samples : 0);
        Fit(ref weights, weighted ? samples : 0);
        foreach (Shard shard in shards)
        {
            OutputHead head = shard.Heads[index];
            Copy(head.Targets!.Values, targets, TargetRows, targetSteps, shard, samples);
            Copy(head.Output.Values.Values, predictions, Rows, Steps, shard, samples);
            if (counts.Length > 0)
            {
                Copy(ofLoss ? head.Counts : head.Output.Mask, counts, 1, Steps, shard, samples);
            }

            for (int b = 0; b < shard.Size && weighted; b++)
            {
                weights[shard.BatchStart + b] = head.SampleWeight(b);
            }
        }
    }

    /// <summary>Makes an array as long as it has to be.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="room">The array.</param>
    /// <param name="length">Its length.</param>
    public static void Fit<T>(ref T[] room, int length)
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
