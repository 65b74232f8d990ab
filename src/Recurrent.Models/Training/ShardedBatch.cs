using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// The shards of one batch size and input shape, run together over the cores. Reused by one caller at a time.
/// </summary>
internal sealed partial class ShardedBatch
{
    private static readonly Action<ShardedBatch, int> ForwardJob = static (batch, i) => batch.ForwardShard(batch.shards[i]);
    private static readonly Action<ShardedBatch, int> BackwardJob = static (batch, i) => batch.BackwardShard(batch.shards[i]);
    private static readonly Action<ShardedBatch, int> SumJob = static (batch, i) => batch.SumGradients(batch.gradientPieces[i]);

    private static readonly Action<ShardedBatch, int> WholeStepJob = static (batch, i) =>
    {
        batch.ForwardShard(batch.shards[i]);
        batch.BackwardShard(batch.shards[i]);
    };

    private static readonly Action<ShardedBatch, int> ForwardStageJob = static (batch, i) => batch.ForwardStage(batch.shards[i]);
    private static readonly Action<ShardedBatch, int> BackwardStageJob = static (all, i) => all.BackwardStage(all.shards[i]);

    private readonly Network network;
    private readonly BatchSums[][] statisticSums;
    private readonly Shard[] shards;
    private readonly Piece[] gradientPieces;
    private readonly double[] columnScales;
    private readonly WholeBatchLosses wholeLosses;
    private readonly bool masks;

    // What the jobs of the current batch work on.
    private SampleSet? inputs;
    private TrainingData? data;
    private ReadOnlyMemory<int> samples;
    private bool training;
    private ulong key;
    private StateStore? states;
    private double lossScale = 1;

    // From which node to which the layers run, where they run in stages.
    private int stageFirst;
    private int stageEnd;

    /// <summary>Makes room for a batch.</summary>
    /// <param name="network">The model's network.</param>
    /// <param name="trained">The parameters that are trained; null where no backward pass follows.</param>
    /// <param name="inputShapes">Shape of a sample of each input; every axis known.</param>
    /// <param name="batchSize">Number of samples.</param>
    /// <param name="shardCount">Number of shards.</param>
    /// <param name="threads">How many threads each shard may use.</param>
    /// <param name="ranks">Who runs which shards; null where this process runs them all.</param>
    public ShardedBatch(
        Network network, IReadOnlyList<Parameter>? trained, IReadOnlyList<Shape> inputShapes,
        int batchSize, int shardCount, int threads, ShardRanks? ranks = null)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        InputShapes = inputShapes;
        BatchSize = batchSize;
        Differentiable = trained is not null;
        Threads = threads;
        shards = new Shard[shardCount];
        columnScales = new double[network.Outputs.Count];
        wholeLosses = new WholeBatchLosses(network.Outputs.Count);
        masks = Array.Exists(network.Nodes, node => node.Layer.CreatesMask);
        Shape[] shapes = network.InferShapes(inputShapes);
        firstOwn = ranks?.FirstOf(ranks.Link.Rank, shardCount) ?? 0;
        ownCount = (ranks?.FirstOf(ranks.Link.Rank + 1, shardCount) ?? shardCount) - firstOwn;
        for (int i = 0; i < shards.Length; i++)
        {
            int start = ShardPlan.Start(batchSize, shardCount, i);
            shards[i] = new Shard(network, trained, shapes, start, ShardPlan.Start(batchSize, shardCount, i + 1) - start,
                threads, isElsewhere: !IsOwn(i));
        }

        this.network = network;
        statisticSums = new BatchSums[network.Nodes.Length][];
        foreach (int node in network.StatisticNodes)
        {
            statisticSums[node] = [.. shards.Select((shard, i) => StatisticsOf(node).SumsOf(
                IsOwn(i) ? shard.Pass.Passes[node] : null))];
        }

        if (ranks is not null)
        {
            Connect(ranks, trained!);
        }

        gradientPieces = Piece.Cut(Gradients.Select(gradient => gradient.Values.Length));
        Weak = new(this);
        Bytes = GC.GetAllocatedBytesForCurrentThread() - before;
    }

    public IReadOnlyList<Shape> InputShapes { get; }

    public int BatchSize { get; }

    public bool Differentiable { get; }

    /// <summary>How much memory its buffers take, to a few bytes.</summary>
    public long Bytes { get; }

    /// <summary>Itself, for those who do not keep it alive.</summary>
    public WeakReference<ShardedBatch> Weak { get; }

    /// <summary>How many threads each shard may use.</summary>
    public int Threads { get; }

    public ReadOnlySpan<Shard> Shards => shards;

    /// <summary>Gradients of the trainable parameters, summed over the shards, after <see cref="Backward"/>.</summary>
    public DenseMatrix[] Gradients => loneGradients ?? shards[firstOwn].Gradients;

    /// <summary>Loss without penalties on weights, after <see cref="ComputeLoss"/> or <see cref="Backward"/>.</summary>
    public double Loss
    {
        get
        {
            double sum = 0;
            foreach (Shard shard in shards)
            {
                sum += shard.Loss;
            }

            return sum;
        }
    }

    /// <summary>The shards' shares of the loss at one output, without penalties and before its weight.</summary>
    public double LossOf(int output)
    {
        double sum = 0;
        foreach (Shard shard in shards)
        {
            sum += shard.Heads[output].Loss;
        }

        return sum;
    }

    /// <summary>The part of <see cref="Loss"/> that penalties on activities are.</summary>
    public double ActivityPenalty
    {
        get
        {
            double sum = 0;
            foreach (Shard shard in shards)
            {
                sum += shard.Pass.ActivityPenalty;
            }

            return sum / BatchSize;
        }
    }

    /// <summary>Number of columns that count in a loss at any output.</summary>
    public long CountedColumns
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < columnScales.Length; i++)
            {
                sum += data!.Outputs[i] is null ? 0 : CountedColumnsOf(i);
            }

            return sum;
        }
    }

    /// <summary>Number of columns of an output that count in its loss.</summary>
    public long CountedColumnsOf(int output)
    {
        long sum = 0;
        foreach (Shard shard in shards)
        {
            sum += shard.Heads[output].CountedColumns;
        }

        return sum;
    }

    /// <summary>Sum of the weights of the columns of an output that count; their number where there are no weights.</summary>
    public double WeightSumOf(int output)
    {
        double sum = 0;
        foreach (Shard shard in shards)
        {
            sum += shard.Heads[output].WeightSum;
        }

        return sum;
    }

    /// <summary>Runs the layers forward.</summary>
    public void Forward(SampleSet source, ReadOnlyMemory<int> batch, int degree, StateStore? carried)
    {
        Begin(source, null, batch, false, 0, carried);
        Workers.Run(shards.Length, degree, this, ForwardJob);
    }

    /// <summary>Runs the layers forward with all that they draw at random in training.</summary>
    public void ForwardAsTraining(SampleSet source, ReadOnlyMemory<int> batch, ulong stepKey, int degree)
    {
        Begin(source, null, batch, true, stepKey, null);
        Workers.Run(shards.Length, degree, this, ForwardJob);
    }

    /// <summary>Runs the layers forward and computes the loss.</summary>
    public void ComputeLoss(TrainingData source, ReadOnlyMemory<int> batch, int degree, StateStore? carried)
    {
        Begin(source.Inputs, source, batch, false, 0, carried);
        Workers.Run(shards.Length, degree, this, ForwardJob);
        FindColumnScales();
        foreach (Shard shard in shards)
        {
            shard.ComputeLoss(source, columnScales, BatchSize);
        }
    }

    /// <summary>Runs forward and backward and sums the gradients over the shards, always in their order.</summary>
    public void Backward(
        TrainingData source, ReadOnlyMemory<int> batch, bool asTraining, ulong stepKey, int degree, StateStore? carried,
        double scale = 1)
    {
        Begin(source.Inputs, source, batch, asTraining, stepKey, carried);
        lossScale = scale;
        if (Ranks is not null)
        {
            RunOnRanks(source, degree);
            return;
        }

        if (SharesStatistics(asTraining))
        {
            RunInStages(degree);
        }
        else if (DependsOnColumns(source))
        {
            // How much a column counts depends on what the whole batch masks: every shard's forward pass comes first.
            Workers.Run(shards.Length, degree, this, ForwardJob);
            FindColumnScales();
            Workers.Run(shards.Length, degree, this, BackwardJob);
        }
        else
        {
            FindColumnScalesBefore(source);
            Workers.Run(shards.Length, degree, this, WholeStepJob);
        }

        if (shards.Length > 1)
        {
            Workers.Run(gradientPieces.Length, degree, this, SumJob);
        }
    }

    /// <summary>Finds for each output by what a column counts, where that does not depend on what was computed.</summary>
    private void FindColumnScalesBefore(TrainingData source)
    {
        for (int i = 0; i < columnScales.Length; i++)
        {
            if (source.Outputs[i] is { } output)
            {
                long columns = (long)BatchSize * output.Targets.SampleShape.Steps;
                columnScales[i] = LossReduction.ColumnScale(output.Loss.Reduction, columns, columns);
            }
        }
    }

    /// <summary>After an update: layers take the statistics of the batch into those that they keep.</summary>
    public void UpdateStatistics()
    {
        for (int i = 0; i < network.Nodes.Length && ownCount > 0; i++)
        {
            network.Nodes[i].Layer.UpdateStatistics(shards[firstOwn].Pass.Passes[i]);
        }

        // Ranks that have a shard have the same sums, and so the same statistics: only one that has none must be told.
        if (Ranks is not null && shards.Length < Ranks.Link.Count)
        {
            ShareStatistics(Ranks);
        }
    }

    private Real PenaltyScale => (Real)(lossScale / BatchSize);

    private void Begin(
        SampleSet source, TrainingData? pairs, ReadOnlyMemory<int> batch, bool asTraining, ulong stepKey, StateStore? carried)
    {
        inputs = source;
        data = pairs;
        samples = batch;
        training = asTraining;
        key = stepKey;
        states = carried;
    }

    private void ForwardShard(Shard shard)
    {
        shard.Forward(inputs!, samples.Span, training, key, states);
        if (data is not null)
        {
            shard.GatherTargets(data, samples.Span);
        }
    }

    private void BackwardShard(Shard shard)
    {
        shard.ComputeLoss(data!, columnScales, BatchSize, lossScale);
        shard.Pass.Backward(PenaltyScale);
    }

    private void SumGradients(Piece piece)
    {
        Span<Real> sum = piece.Of(Gradients);
        for (int i = 1; i < shards.Length; i++)
        {
            VectorMath.Add(piece.Of(shards[i].Gradients), sum);
        }
    }

    /// <summary>Whether how much a column counts is known only after the forward pass.</summary>
    private bool DependsOnColumns(TrainingData source)
    {
        bool depends = masks || source.Inputs.IsRagged;
        for (int i = 0; i < columnScales.Length; i++)
        {
            depends |= source.Outputs[i] is { } output && (output.Loss is BatchLoss || output.Loss.IgnoresTargets
                || (output.Loss.Reduction == Reduction.MeanWithSampleWeight && output.Weights is not null));
        }

        return depends;
    }

    /// <summary>
    /// Finds for each output by what a column counts, from what all shards have counted, and computes the losses that look at
    /// more than a column: all that stands between the forward passes of all shards and the first that goes back.
    /// </summary>
    private void FindColumnScales()
    {
        for (int i = 0; i < columnScales.Length; i++)
        {
            columnScales[i] = data!.Outputs[i] is { } output
                ? LossReduction.ColumnScale(output.Loss.Reduction, CountedColumnsOf(i), WeightSumOf(i))
                : 0;
        }

        wholeLosses.Compute(shards, data!, samples.Span, Differentiable, lossScale);
    }
}
