using Recurrent.Layers;
using Recurrent.Numerics;

namespace Recurrent.Training;

/// <content>Layers whose statistics are of the whole batch: all shards run to such a layer before any goes on.</content>
internal sealed partial class ShardedBatch
{
    // Where the first stage begins. The first layer may be one that waits for sums, so that the second begins at node 0.
    private const int Unfilled = -1;

    /// <summary>Whether a layer needs sums over all shards.</summary>
    private bool SharesStatistics(bool asTraining)
    {
        bool shares = false;
        foreach (int node in network.StatisticNodes)
        {
            shares |= shards.Length > 1 && StatisticsOf(node).IsShared(asTraining);
        }

        return shares;
    }

    /// <summary>
    /// Runs all shards to the next layer that needs sums over the batch, puts theirs together, goes on; then backward likewise.
    /// </summary>
    private void RunInStages(int degree)
    {
        stageFirst = Unfilled;
        foreach (int node in network.StatisticNodes)
        {
            if (StatisticsOf(node).IsShared(training))
            {
                stageEnd = node;
                Workers.Run(shards.Length, degree, this, ForwardStageJob);
                BatchSums.Share(statisticSums[node]);
                stageFirst = node;
            }
        }

        stageEnd = network.Nodes.Length;
        Workers.Run(shards.Length, degree, this, ForwardStageJob);
        FindColumnScales();
        for (int i = network.StatisticNodes.Length - 1; i >= 0; i--)
        {
            int node = network.StatisticNodes[i];
            if (StatisticsOf(node).IsShared(training))
            {
                stageFirst = node;
                Workers.Run(shards.Length, degree, this, BackwardStageJob);
                BatchSums.ShareBack(statisticSums[node]);
                stageEnd = node;
            }
        }

        stageFirst = -1;
        Workers.Run(shards.Length, degree, this, BackwardStageJob);
    }

    private void ForwardStage(Shard shard)
    {
        if (stageFirst == Unfilled)
        {
            shard.Fill(inputs!, samples.Span, training, key);
        }

        shard.Pass.Forward(Math.Max(stageFirst, 0), stageEnd, states, shard.BatchStart);
        if (stageEnd < network.Nodes.Length)
        {
            shard.Pass.Contribute(stageEnd);
        }
        else
        {
            shard.GatherTargets(data!, samples.Span);
        }
    }

    private void BackwardStage(Shard shard)
    {
        if (stageEnd == network.Nodes.Length)
        {
            shard.ComputeLoss(data!, columnScales, BatchSize, lossScale);
            shard.Pass.StartBackward();
        }

        // A layer that waits for sums has contributed its own before, and is the first to run now.
        int end = stageEnd == network.Nodes.Length ? stageEnd : stageEnd + 1;
        RunBack(shard, end, stageFirst + 1);
        if (stageFirst >= 0)
        {
            shard.Pass.ContributeBack(stageFirst, PenaltyScale);
        }
    }

    private IBatchStatistics StatisticsOf(int node) => (IBatchStatistics)network.Nodes[node].Layer;
}
