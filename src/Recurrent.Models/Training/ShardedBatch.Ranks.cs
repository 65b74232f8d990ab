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

    private readonly int firstOwn;
    private readonly int ownCount;
    private DenseMatrix[]? loneGradients;
    private GradientExchange? gradientExchange;
    private OutputExchange? outputExchange;
    private DenseMatrix[][] ownGradients = [];

    /// <summary>Who runs which shards; null where this process runs them all.</summary>
    public ShardRanks? Ranks { get; private set; }

    /// <summary>Runs its own shards forward and backward, and exchanges what all ranks need.</summary>
    private void RunOnRanks(TrainingData source, int degree)
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

        Task sums = gradientExchange!.Start(ownGradients, Gradients);
        try
        {
            Workers.Run(ownCount, degree, this, dependent ? OwnBackwardJob : OwnStepJob);
        }
        catch
        {
            gradientExchange.Fail();
            throw;
        }

        sums.GetAwaiter().GetResult();
        if (!dependent)
        {
            ShareOutputs(source);
        }

        for (int i = 0; i < shards.Length; i++)
        {
            if (!IsOwn(i))
            {
                shards[i].ComputeLoss(source, columnScales, BatchSize);
            }
        }
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
        shard.ComputeLoss(data!, columnScales, BatchSize);
        shard.Pass.StartBackward();
        for (int i = network.Nodes.Length - 1; i >= 0; i--)
        {
            shard.Pass.Backward(i + 1, i, (Real)1 / BatchSize);
            gradientExchange!.Done(i);
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
    }
}
