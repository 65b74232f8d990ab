using Recurrent.Random;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>Batches of samples that are all there: arrays, sequences, and what is computed sample by sample.</summary>
/// <remarks>
/// One pass over the samples follows the other, each in its own order, which the seed and the index of the pass give. An epoch
/// is a pass or, where it has a number of steps of its own, so many batches of the endless row of passes; which ones follows from
/// its index alone, so that a run which goes on takes the very batches that it would have taken.
/// </remarks>
internal sealed class MemoryFeed : EpochFeed
{
    private readonly TrainingContext context;
    private readonly TrainingData data;
    private readonly int batchSize;
    private readonly bool shuffle;
    private readonly int[] order;
    private readonly int batches;
    private long pass = -1;
    private long next;
    private long end;

    public MemoryFeed(TrainingContext context, TrainingData data, int batchSize, bool shuffle, int? stepsPerEpoch)
    {
        this.context = context;
        this.data = data;
        this.batchSize = batchSize;
        this.shuffle = shuffle;
        order = new int[data.Count];
        batches = (order.Length + batchSize - 1) / batchSize;
        Steps = stepsPerEpoch ?? batches;
    }

    public override int? Steps { get; }

    public override int? Samples => order.Length;

    public override TrainingData Typical => data;

    public override FeedPlace Place => new(next / batches, next % batches);

    public override void BeginEpoch(int epoch, int batch)
    {
        next = ((long)epoch * Steps!.Value) + batch;
        end = ((long)epoch + 1) * Steps.Value;
    }

    public override bool TryNext(out TrainingData data, out ReadOnlyMemory<int> samples)
    {
        data = this.data;
        samples = default;
        if (next >= end)
        {
            return false;
        }

        if (next / batches != pass)
        {
            pass = next / batches;
            Arrange();
        }

        int start = (int)(next % batches) * batchSize;
        samples = order.AsMemory(start, Math.Min(batchSize, order.Length - start));
        next++;
        return true;
    }

    public override void Resume(FeedPlace place)
    {
        // Everything follows from the index of the epoch.
    }

    public override void Dispose()
    {
    }

    /// <summary>The order of a pass follows from the seed and its index, so that resumed training takes the same one.</summary>
    private void Arrange()
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (shuffle)
        {
            var random = new SeededRandom(SeededRandom.Key((ulong)context.Seed ^ 0x4F52444552UL, (ulong)pass));
            random.Shuffle<int>(order);
            data.Inputs.Arrange(order, batchSize, random);
        }
    }
}
