using Recurrent.Layers;
using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Training;

/// <content>A batch some of whose shards run in other processes.</content>
internal sealed partial class ShardedBatch
{
    private static readonly Action<ShardedBatch, int> OwnForwardJob =
        static (batch, i) => batch.ForwardShard(batch.shards[batch.firstOwn + i]);

    private static readonly Action<ShardedBatch, int> OwnBackwardJob =
        static (batch, i) => batch.BackwardNodeByNode(batch.shards[batch.firstOwn + i]);

    private static readonly Action<ShardedBatch, int> OwnStepJob = static (batch, i) =>
    {
        batch.ForwardShard(batch.shards[batch.firstOwn + i]);
        batch.BackwardNodeByNode(batch.shards[batch.firstOwn + i]);
    };

    private static readonly Action<ShardedBatch, int> OwnForwardStageJob =
        static (batch, i) => batch.ForwardStage(batch.shards[batch.firstOwn + i]);

    private static readonly Action<ShardedBatch, int> OwnBackwardStageJob =
        static (batch, i) => batch.BackwardStage(batch.shards[batch.firstOwn + i]);

    private readonly int firstOwn;
    private readonly int ownCount;
    private DenseMatrix[]? loneGradients;
    private GradientExchange? gradientExchange;
    private OutputExchange? outputExchange;
    private StateExchange? stateExchange;
    private DenseMatrix[][] ownGradients = [];

    /// <summary>Who runs which shards; null where this process runs them all.</summary>
    public ShardRanks? Ranks { get; private set; }

    /// <summary>Runs its own shards forward and backward, and exchanges what all ranks need.</summary>
    private void RunOnRanks(TrainingData source, int degree)
    {
        if (SharesStatistics(training))
        {
            RunInStagesOnRanks(source, degree);
        }
        else
        {
            RunWhole(source, degree);
        }

        for (int i = 0; i < shards.Length; i++)
        {
            if (!IsOwn(i))
            {
                shards[i].ComputeLoss(source, columnScales, BatchSize);
            }
        }

        if (states is not null)
        {
            stateExchange!.Share(states, shards);
        }
    }

    private void RunWhole(TrainingData source, int degree)
    {
        bool dependent = DependsOnColumns(source);
        if (dependent)
        {
            Workers.Run(ownCount, degree, this, OwnForwardJob);
            ShareOutputs(source);
            FindColumnScales();
        }
        else
        {
            FindColumnScalesBefore(source);
        }

        gradientExchange!.Start(ownGradients, Gradients);
        try
        {
            Workers.Run(ownCount, degree, this, dependent ? OwnBackwardJob : OwnStepJob);
        }
        catch
        {
            gradientExchange.Fail();
            throw;
        }

        gradientExchange.Finish(0);
        if (!dependent)
        {
            ShareOutputs(source);
        }
    }

    /// <summary>As <see cref="RunInStages"/>, with sums over the shards of all ranks.</summary>
    private void RunInStagesOnRanks(TrainingData source, int degree)
    {
        stageFirst = Unfilled;
        foreach (int node in network.StatisticNodes)
        {
            if (StatisticsOf(node).IsShared(training))
            {
                stageEnd = node;
                Workers.Run(ownCount, degree, this, OwnForwardStageJob);
                Ranks!.ShareSums(statisticSums[node], back: false);
                BatchSums.Share(statisticSums[node]);
                stageFirst = node;
            }
        }

        stageEnd = network.Nodes.Length;
        Workers.Run(ownCount, degree, this, OwnForwardStageJob);
        ShareOutputs(source);
        FindColumnScales();
        gradientExchange!.Start(ownGradients, Gradients);
        try
        {
            RunBackInStages(degree);
        }
        catch
        {
            gradientExchange.Fail();
            throw;
        }

        gradientExchange.Finish(0);
    }

    private void RunBackInStages(int degree)
    {
        for (int i = network.StatisticNodes.Length - 1; i >= 0; i--)
        {
            int node = network.StatisticNodes[i];
            if (StatisticsOf(node).IsShared(training))
            {
                stageFirst = node;
                Workers.Run(ownCount, degree, this, OwnBackwardStageJob);

                // One thread at a time calls the link, and all ranks in the same order: gradients of later layers come first.
                gradientExchange!.Finish(node + 1);
                Ranks!.ShareSums(statisticSums[node], back: true);
                BatchSums.ShareBack(statisticSums[node]);
                stageEnd = node;
            }
        }

        stageFirst = -1;
        Workers.Run(ownCount, degree, this, OwnBackwardStageJob);
    }

    private void ShareOutputs(TrainingData source)
    {
        outputExchange!.Share(shards, network.Outputs.Count);
        for (int i = 0; i < shards.Length; i++)
        {
            if (!IsOwn(i))
            {
                shards[i].GatherTargets(source, samples.Span);
            }
        }
    }

    private void BackwardNodeByNode(Shard shard)
    {
        shard.ComputeLoss(data!, columnScales, BatchSize, lossScale);
        shard.Pass.StartBackward();
        RunBack(shard, network.Nodes.Length, 0);
    }

    /// <summary>Runs some layers of a shard backward, and tells after each that its gradients are there.</summary>
    private void RunBack(Shard shard, int end, int first)
    {
        if (Ranks is null)
        {
            shard.Pass.Backward(end, first, PenaltyScale);
            return;
        }

        for (int i = end - 1; i >= first; i--)
        {
            shard.Pass.Backward(i + 1, i, PenaltyScale);
            gradientExchange!.Done(i);
        }
    }

    /// <summary>Gives ranks without shards what layers keep of the batches, from the rank that has the first shard.</summary>
    private void ShareStatistics(ShardRanks ranks)
    {
        foreach (Parameter parameter in network.Parameters)
        {
            if (parameter.IsStatistic)
            {
                ranks.Broadcast(parameter.Values, ranks.OwnerOf(0, shards.Length));
                parameter.MarkChanged();
            }
        }
    }

    private bool IsOwn(int shard) => shard >= firstOwn && shard < firstOwn + ownCount;

    /// <summary>Prepares what is exchanged, when the shards are there.</summary>
    private void Connect(ShardRanks ranks, IReadOnlyList<Parameter> trained)
    {
        Ranks = ranks;
        if (ownCount == 0)
        {
            // A rank without shards takes part in sums and updates all the same.
            var set = new GradientSet(network.Parameters);
            loneGradients = [.. trained.Select(parameter => set[parameter])];
        }

        ownGradients = [.. shards.Skip(firstOwn).Take(ownCount).Select(shard => shard.Gradients)];
        gradientExchange = new GradientExchange(ranks, network, trained, shards.Length, ownCount);
        outputExchange = new OutputExchange(ranks, shards, network.Outputs.Count);
        stateExchange = new StateExchange(ranks);
    }
}
