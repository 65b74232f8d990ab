using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// Runs batches through a model's layers. Any number of threads may predict at once: each rents buffers of its own.
/// </summary>
internal sealed class BatchRunner
{
    /// <summary>How many idle sets of buffers are kept; beyond it the one unused for longest goes.</summary>
    public const int MostIdle = 16;

    /// <summary>How many bytes of idle buffers are held, those used last first.</summary>
    /// <remarks>
    /// Larger ones are left to the garbage collector, which takes them back at its next full collection: whoever goes on with
    /// such batches finds them again, and whoever ran one does not pay for it for good.
    /// </remarks>
    public const long MostIdleBytes = 64 << 20;

    private readonly Lock pool = new();
    private readonly List<Idle> idle = [];
    private int predicting;
    private volatile KnownShapes? known;

    public BatchRunner(Network network)
    {
        Network = network;
        TrainableParameters = [.. network.Parameters.Where(parameter => parameter.Trainable)];
    }

    /// <summary>What runs.</summary>
    public Network Network { get; }

    /// <summary>An array, since going through it at every step must not allocate.</summary>
    public Parameter[] TrainableParameters { get; }

    /// <summary>Whether those are what is trainable now.</summary>
    public bool IsCurrent => TrainableParameters.SequenceEqual(Network.Parameters.Where(parameter => parameter.Trainable));

    /// <summary>Brings what layers derive from their parameters up to date; before any batch that follows a change.</summary>
    public void Prepare() => Network.Prepare();

    /// <summary>
    /// Shapes of a sample of the outputs. Before any room is made this checks, too, that one sample can go through the layers.
    /// </summary>
    /// <param name="samples">Shape of a sample of each input; every axis known.</param>
    /// <exception cref="ArgumentException">A layer would make more of it than an array holds, or than is of use.</exception>
    public IReadOnlyList<Shape> OutputShapesFor(IReadOnlyList<Shape> samples)
    {
        // One prediction mostly is for shapes like the last one's.
        if (known is { } last && Same(last.Samples, samples))
        {
            return last.Outputs;
        }

        Shape[] shapes = Network.InferShapes(samples);
        foreach (NetworkNode node in Network.Nodes)
        {
            node.Layer.RequireRoom(shapes[node.Reads[0]], shapes[node.FirstOutput], 1, differentiable: false);
        }

        Shape[] outputs = Array.ConvertAll(Network.OutputPlaces, place => shapes[place]);
        known = new(samples, outputs);
        return outputs;
    }

    /// <summary>Buffers for a batch whose shards follow from its size alone, as sums over shards need.</summary>
    /// <param name="inputShapes">Shape of a sample of each input.</param>
    /// <param name="batchSize">Number of samples.</param>
    /// <param name="differentiable">Whether a backward pass follows.</param>
    /// <param name="ranks">Who runs which shards; null where this process runs them all.</param>
    public BatchLease Rent(
        IReadOnlyList<Shape> inputShapes, int batchSize, bool differentiable, ShardRanks? ranks = null) => new(
        this,
        Find(inputShapes, batchSize,
            Network.NeedsWholeBatches ? 1 : ranks?.ShardsOf(batchSize) ?? ShardPlan.Count(batchSize), differentiable, 1,
            ranks is { Link.Count: > 1 } ? ranks : null),
        isPrediction: false);

    /// <summary>
    /// Buffers for a batch that is only predicted: cut into one shard for each thread, since no sum runs over its samples. Where
    /// there are twice as many threads as samples, or more, several share in the products of a shard; but not while other callers
    /// predict, who fill the cores by themselves.
    /// </summary>
    public BatchLease RentForPrediction(IReadOnlyList<Shape> inputShapes, int batchSize, int degree)
    {
        bool alone = Interlocked.Increment(ref predicting) == 1;
        try
        {
            int threads = alone ? Math.Max(1, degree / batchSize) : 1;
            return new(this, Find(inputShapes, batchSize, Math.Min(batchSize, degree), false, threads), isPrediction: true);
        }
        catch
        {
            // A batch that is refused is not being predicted.
            Interlocked.Decrement(ref predicting);
            throw;
        }
    }

    /// <summary>Takes back what was rented.</summary>
    public void Return(ShardedBatch batch, bool isPrediction)
    {
        if (isPrediction)
        {
            Interlocked.Decrement(ref predicting);
        }

        lock (pool)
        {
            idle.Add(new(batch, batch.Weak, batch.Bytes));
            if (idle.Count > MostIdle)
            {
                idle.RemoveAt(0);
            }

            long bytes = 0;
            for (int i = idle.Count - 1; i >= 0; i--)
            {
                bytes += idle[i].Bytes;
                if (bytes > MostIdleBytes && idle[i].Batch is not null)
                {
                    idle[i] = idle[i] with { Batch = null };
                }
            }
        }
    }

    private ShardedBatch Find(
        IReadOnlyList<Shape> inputShapes, int batchSize, int shards, bool differentiable, int threads, ShardRanks? ranks = null)
    {
        lock (pool)
        {
            for (int i = idle.Count - 1; i >= 0; i--)
            {
                if (!idle[i].Weak.TryGetTarget(out ShardedBatch? batch))
                {
                    idle.RemoveAt(i);
                }
                else if (batch.BatchSize == batchSize && batch.Shards.Length == shards
                    && batch.Differentiable == differentiable && batch.Threads == threads
                    && batch.Ranks == ranks && Same(batch.InputShapes, inputShapes))
                {
                    idle.RemoveAt(i);
                    return batch;
                }
            }
        }

        return new ShardedBatch(Network, differentiable ? TrainableParameters : null, inputShapes, batchSize, shards, threads,
            ranks);
    }

    private static bool Same(IReadOnlyList<Shape> some, IReadOnlyList<Shape> others)
    {
        for (int i = 0; i < some.Count; i++)
        {
            if (!some[i].Equals(others[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Shapes of outputs for shapes of inputs.</summary>
    private sealed record KnownShapes(IReadOnlyList<Shape> Samples, IReadOnlyList<Shape> Outputs);

    /// <summary>Buffers that nobody uses.</summary>
    /// <param name="Batch">The buffers; null where only the garbage collector decides how long they stay.</param>
    /// <param name="Weak">The buffers, as long as they are there.</param>
    /// <param name="Bytes">Their size.</param>
    private readonly record struct Idle(ShardedBatch? Batch, WeakReference<ShardedBatch> Weak, long Bytes);
}
