using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// The shards of one batch size and input shape, run together over the cores. Reused from batch to batch, by one caller at a time.
/// </summary>
internal sealed class ShardedBatch
{
    private static readonly Action<ShardedBatch, int> ForwardJob = static (batch, i) => batch.ForwardShard(batch.shards[i]);
    private static readonly Action<ShardedBatch, int> BackwardJob = static (batch, i) => batch.BackwardShard(batch.shards[i]);
    private static readonly Action<ShardedBatch, int> SumJob = static (batch, i) => batch.SumGradients(batch.gradientPieces[i]);

    private static readonly Action<ShardedBatch, int> WholeStepJob = static (batch, i) =>
    {
        batch.ForwardShard(batch.shards[i]);
        batch.BackwardShard(batch.shards[i]);
    };

    private readonly Shard[] shards;
    private readonly Piece[] gradientPieces;
    private readonly bool masks;

    // What the jobs of the current batch work on.
    private Samples? inputs;
    private TrainingData? data;
    private ReadOnlyMemory<int> samples;
    private bool training;
    private ulong key;
    private StateStore? states;
    private double columnScale;

    public ShardedBatch(
        IReadOnlyList<Layer> layers, IReadOnlyList<Parameter> trainable, Shape inputShape, int batchSize, int shardCount, bool differentiable,
        int threads)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        InputShape = inputShape;
        BatchSize = batchSize;
        Differentiable = differentiable;
        Threads = threads;
        shards = new Shard[shardCount];
        masks = layers.Any(layer => layer.CreatesMask);
        for (int i = 0; i < shards.Length; i++)
        {
            int start = ShardPlan.Start(batchSize, shardCount, i);
            shards[i] = new Shard(layers, trainable, inputShape, start, ShardPlan.Start(batchSize, shardCount, i + 1) - start, differentiable, threads);
        }

        gradientPieces = Piece.Cut(Gradients.Select(gradient => gradient.Values.Length));
        Weak = new(this);
        Bytes = GC.GetAllocatedBytesForCurrentThread() - before;
    }

    public Shape InputShape { get; }

    public int BatchSize { get; }

    public bool Differentiable { get; }

    /// <summary>How much memory its buffers take, to a few bytes.</summary>
    public long Bytes { get; }

    /// <summary>Itself, for those who do not keep it alive.</summary>
    public WeakReference<ShardedBatch> Weak { get; }

    /// <summary>How many threads each shard may use.</summary>
    public int Threads { get; }

    public IReadOnlyList<Shard> Shards => shards;

    /// <summary>Gradients of the trainable parameters, summed over the shards, after <see cref="Backward"/>.</summary>
    public DenseMatrix[] Gradients => shards[0].Gradients;

    /// <summary>Loss of the batch without the penalties on weights, after <see cref="ComputeLoss"/> or <see cref="Backward"/>.</summary>
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

    /// <summary>Runs the layers forward.</summary>
    public void Forward(Samples source, ReadOnlyMemory<int> batch, int degree, StateStore? carried)
    {
        Begin(source, null, batch, false, 0, carried);
        Workers.Run(shards.Length, degree, this, ForwardJob);
    }

    /// <summary>Runs the layers forward and computes the loss.</summary>
    public void ComputeLoss(TrainingData source, ReadOnlyMemory<int> batch, int degree, StateStore? carried)
    {
        Begin(source.Inputs, source, batch, false, 0, carried);
        Workers.Run(shards.Length, degree, this, ForwardJob);
        columnScale = ColumnScale();
        foreach (Shard shard in shards)
        {
            shard.ComputeLoss(source.Loss, columnScale, BatchSize);
        }
    }

    /// <summary>Runs forward and backward and sums the gradients over the shards, always in their order.</summary>
    public void Backward(
        TrainingData source, ReadOnlyMemory<int> batch, bool asTraining, ulong stepKey, int degree, StateStore? carried)
    {
        Begin(source.Inputs, source, batch, asTraining, stepKey, carried);
        Loss objective = source.Loss;
        bool dependsOnColumns = masks || source.Inputs.IsRagged || objective.IgnoresTargets || (objective.Reduction == Reduction.MeanWithSampleWeight && source.Weights is not null);
        if (dependsOnColumns)
        {
            // How much a column counts depends on what the whole batch masks: every shard's forward pass comes first.
            Workers.Run(shards.Length, degree, this, ForwardJob);
            columnScale = ColumnScale();
            Workers.Run(shards.Length, degree, this, BackwardJob);
        }
        else
        {
            long columns = (long)BatchSize * source.Targets.SampleShape.Steps;
            columnScale = LossReduction.ColumnScale(objective.Reduction, columns, columns);
            Workers.Run(shards.Length, degree, this, WholeStepJob);
        }

        if (shards.Length > 1)
        {
            Workers.Run(gradientPieces.Length, degree, this, SumJob);
        }
    }

    private void Begin(
        Samples source, TrainingData? pairs, ReadOnlyMemory<int> batch, bool asTraining, ulong stepKey, StateStore? carried)
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
        shard.ComputeLoss(data!.Loss, columnScale, BatchSize);
        shard.Backward(BatchSize);
    }

    private void SumGradients(Piece piece)
    {
        Span<Real> sum = piece.Of(Gradients);
        for (int i = 1; i < shards.Length; i++)
        {
            VectorMath.Add(piece.Of(shards[i].Gradients), sum);
        }
    }

    private double ColumnScale()
    {
        long counted = 0;
        double weightSum = 0;
        foreach (Shard shard in shards)
        {
            counted += shard.CountedColumns;
            weightSum += shard.WeightSum;
        }

        return LossReduction.ColumnScale(data!.Loss.Reduction, counted, weightSum);
    }
}
