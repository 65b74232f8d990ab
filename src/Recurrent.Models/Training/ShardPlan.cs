namespace Recurrent.Training;

/// <summary>
/// How a batch is cut into shards that run at the same time. It depends on the batch alone and never on the machine, so that sums
/// over shards have the same bits for any number of threads.
/// </summary>
internal static class ShardPlan
{
    /// <summary>Fewer samples than this in a shard would leave the product kernel's register tile half empty.</summary>
    private const int LeastSamples = 16;

    /// <summary>Each shard holds a gradient of every parameter: more shards would cost memory and time to add them up.</summary>
    private const int MostShards = 16;

    /// <summary>A batch of so many is still worth two shards: a tile half empty costs less than a core that has nothing to
    /// do.</summary>
    private const int LeastForTwo = 8;

    /// <summary>Number of shards of a training batch.</summary>
    public static int Count(int batchSize) =>
        Math.Clamp(batchSize / LeastSamples, batchSize < LeastForTwo ? 1 : 2, MostShards);

    /// <summary>The first sample of a shard, when a batch is cut as evenly as can be.</summary>
    public static int Start(int batchSize, int shards, int shard) => (int)((long)batchSize * shard / shards);
}
