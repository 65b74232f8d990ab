using System.Runtime.InteropServices;
using Recurrent.Layers;
using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Training;

/// <summary>
/// Adds up the gradients of the shards of all ranks while the shards of this one still run backward: as soon as a bucket of
/// parameters has all of its gradients here, it is on its way.
/// </summary>
/// <remarks>
/// A bucket of <c>n</c> numbers is cut into a piece for each rank. Every rank sends each of its shards' numbers of a piece to
/// the rank that the piece belongs to (all to all), which adds them in the order of the shards, one after the other, as one
/// process does; then all gather the sums. With a shard a rank each sends and receives <c>2n (R − 1) / R</c> numbers, what
/// the best all-reduce of R ranks needs too; but the order of additions is fixed.
/// </remarks>
internal sealed class GradientExchange
{
    // A quarter of a megabyte: below, the time of a message is that of its way and not of its length.
    private const int LeastNumbers = 1 << 16;

    private readonly ShardRanks ranks;
    private readonly int shardCount;
    private readonly int ownShards;
    private readonly Bucket[] buckets;
    private readonly int[] bucketOfNode;
    private readonly int[] left;
    private readonly object gate = new();
    private int ready;
    private Task running = Task.CompletedTask;
    private int finished;
    private DenseMatrix[][] own = [];
    private DenseMatrix[] sums = [];
    private volatile bool failed;

    public GradientExchange(
        ShardRanks ranks, Network network, IReadOnlyList<Parameter> trained, int shardCount, int ownShards)
    {
        this.ranks = ranks;
        this.shardCount = shardCount;
        this.ownShards = ownShards;
        buckets = Cut(network, trained);
        bucketOfNode = new int[network.Nodes.Length];
        Array.Fill(bucketOfNode, -1);
        for (int i = 0; i < buckets.Length; i++)
        {
            bucketOfNode[buckets[i].ReadyAt] = i;
        }

        left = new int[buckets.Length];
    }

    /// <summary>Begins a batch; gradients follow, and then <see cref="Finish"/>.</summary>
    /// <param name="gradients">The gradients of each shard of this rank.</param>
    /// <param name="sum">Receives the sums; may be the gradients of one of them.</param>
    public void Start(DenseMatrix[][] gradients, DenseMatrix[] sum)
    {
        own = gradients;
        sums = sum;
        failed = false;
        ready = 0;
        finished = 0;
        Array.Fill(left, ownShards);
        running = Task.Run(Run);
    }

    /// <summary>Waits until the sums of the gradients of some nodes are there, and nothing more is under way.</summary>
    /// <param name="first">The first node; all after it, and it too, have run backward here.</param>
    public void Finish(int first)
    {
        int due = buckets.Count(bucket => bucket.ReadyAt >= first);
        lock (gate)
        {
            if (ownShards == 0)
            {
                // Nobody here tells when: what others give is waited for.
                ready = due - finished;
                Monitor.PulseAll(gate);
            }

            while (finished < due && !failed)
            {
                Monitor.Wait(gate);
            }
        }

        if (failed || first == 0)
        {
            running.GetAwaiter().GetResult();
        }
    }

    /// <summary>Is told by each shard when it has run a node backward.</summary>
    public void Done(int node)
    {
        int bucket = bucketOfNode[node];
        if (bucket >= 0)
        {
            lock (gate)
            {
                if (--left[bucket] == 0)
                {
                    // Every shard runs its nodes in the same order, so buckets are complete in theirs.
                    Release(1);
                }
            }
        }
    }

    /// <summary>Ends what waits for gradients that will not come.</summary>
    public void Fail()
    {
        failed = true;
        Release(buckets.Length + 1);
    }

    private void Release(int count)
    {
        lock (gate)
        {
            ready += count;
            Monitor.PulseAll(gate);
        }
    }

    private void WaitForOne()
    {
        lock (gate)
        {
            while (ready == 0)
            {
                Monitor.Wait(gate);
            }

            ready--;
        }
    }

    private void Run()
    {
        foreach (Bucket bucket in buckets)
        {
            WaitForOne();
            if (failed)
            {
                return;
            }

            try
            {
                if (ranks.InOrder)
                {
                    SumInOrder(bucket);
                }
                else
                {
                    SumByLink(bucket);
                }
            }
            catch
            {
                Fail();
                throw;
            }

            lock (gate)
            {
                finished++;
                Monitor.PulseAll(gate);
            }
        }
    }

    private void SumInOrder(Bucket bucket)
    {
        int count = ranks.Link.Count;
        int rank = ranks.Link.Rank;
        int piece = PieceOf(bucket.Length, rank);
        int[] sendCounts = new int[count];
        int[] receiveCounts = new int[count];
        int[] gatherCounts = new int[count];
        int at = 0;
        for (int to = 0; to < count; to++)
        {
            int length = PieceOf(bucket.Length, to);
            int start = ShardPlan.Start(bucket.Length, count, to);
            for (int shard = 0; shard < ownShards; shard++)
            {
                bucket.Read(own[shard], start, bucket.Send.AsSpan(at, length));
                at += length;
            }

            sendCounts[to] = checked(length * ownShards * Bytes);
            receiveCounts[to] = checked(
                (ranks.FirstOf(to + 1, shardCount) - ranks.FirstOf(to, shardCount)) * piece * Bytes);
            gatherCounts[to] = checked(length * Bytes);
        }

        // The ranks have the shards in their order, so those that come in are in that order too.
        Span<Real> received = bucket.Receive.AsSpan(0, shardCount * piece);
        ranks.Link.AllToAll(MemoryMarshal.AsBytes(bucket.Send.AsSpan(0, at)), sendCounts, MemoryMarshal.AsBytes(received),
            receiveCounts);
        Span<Real> sum = received[..piece];
        for (int shard = 1; shard < shardCount; shard++)
        {
            VectorMath.Add(received.Slice(shard * piece, piece), sum);
        }

        Span<Real> all = bucket.Sum;
        ranks.Link.AllGather(MemoryMarshal.AsBytes(sum), MemoryMarshal.AsBytes(all), gatherCounts);
        bucket.Write(all, sums);
    }

    private void SumByLink(Bucket bucket)
    {
        Span<Real> sum = bucket.Sum;
        sum.Clear();
        Span<Real> one = bucket.Send.AsSpan(0, bucket.Length);
        for (int shard = 0; shard < ownShards; shard++)
        {
            bucket.Read(own[shard], 0, shard == 0 ? sum : one);
            if (shard > 0)
            {
                VectorMath.Add(one, sum);
            }
        }

        ranks.Link.AllReduce(sum);
        bucket.Write(sum, sums);
    }

    private const int Bytes = sizeof(Real);

    private int PieceOf(int length, int rank) =>
        ShardPlan.Start(length, ranks.Link.Count, rank + 1) - ShardPlan.Start(length, ranks.Link.Count, rank);

    /// <summary>Puts parameters into buckets, in the order in which a backward pass finishes them.</summary>
    private Bucket[] Cut(Network network, IReadOnlyList<Parameter> trained)
    {
        // The gradient of a shared parameter is there when the first of its nodes, the last to run backward, has run.
        int[] finishedAt = [.. trained.Select(parameter => Array.FindIndex(
            network.Nodes, node => node.Layer.Parameters.Contains(parameter)))];
        List<Bucket> found = [];
        List<int> open = [];
        int numbers = 0;
        int[] order = [.. Enumerable.Range(0, trained.Count).OrderByDescending(i => finishedAt[i])];
        for (int i = 0; i < order.Length; i++)
        {
            open.Add(order[i]);
            numbers += trained[order[i]].Values.Length;
            bool isLast = i + 1 == order.Length || finishedAt[order[i + 1]] != finishedAt[order[i]];
            if (isLast && (numbers >= LeastNumbers || i + 1 == order.Length))
            {
                found.Add(new([.. open], [.. open.Select(place => trained[place].Values.Length)], finishedAt[order[i]],
                    Math.Max(1, ownShards) * numbers, shardCount * ((numbers / ranks.Link.Count) + 1)));
                open.Clear();
                numbers = 0;
            }
        }

        return [.. found];
    }

    /// <summary>Parameters whose gradients go together.</summary>
    private sealed class Bucket(int[] places, int[] lengths, int readyAt, int sendLength, int receiveLength)
    {
        public int Length { get; } = lengths.Sum();

        /// <summary>The node after whose backward run all gradients are there.</summary>
        public int ReadyAt { get; } = readyAt;

        public Real[] Send { get; } = new Real[sendLength];

        public Real[] Receive { get; } = new Real[receiveLength];

        public Real[] Sum { get; } = new Real[lengths.Sum()];

        /// <summary>Reads a stretch of the gradients, as if they stood one behind the other.</summary>
        public void Read(DenseMatrix[] gradients, int start, Span<Real> values)
        {
            int first = 0;
            for (int i = 0; i < places.Length && values.Length > 0; first += lengths[i++])
            {
                int from = start - first;
                if (from < lengths[i])
                {
                    int count = Math.Min(lengths[i] - from, values.Length);
                    gradients[places[i]].Values.AsSpan(from, count).CopyTo(values);
                    values = values[count..];
                    start += count;
                }
            }
        }

        /// <summary>Writes all gradients.</summary>
        public void Write(ReadOnlySpan<Real> values, DenseMatrix[] gradients)
        {
            for (int i = 0; i < places.Length; i++)
            {
                values[..lengths[i]].CopyTo(gradients[places[i]].Values);
                values = values[lengths[i]..];
            }
        }
    }
}
