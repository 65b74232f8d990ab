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

    /// <summary>The first sample of each shard, and the batch size at the end.</summary>
    public static int[] Cut(int batchSize)
    {
        int shards = Math.Clamp(batchSize / LeastSamples, 1, MostShards);
        var bounds = new int[shards + 1];
        for (int i = 0; i <= shards; i++)
        {
            bounds[i] = (int)((long)batchSize * i / shards);
        }

        return bounds;
    }
}
