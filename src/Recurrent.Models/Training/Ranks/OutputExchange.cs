using System.Runtime.InteropServices;
using Recurrent.Layers;

namespace Recurrent.Training;

/// <summary>
/// Gives all ranks the outputs of all shards, so that each knows the loss and the metrics of the whole batch, by the very
/// code that one process runs.
/// </summary>
internal sealed class OutputExchange
{
    private readonly ShardRanks ranks;
    private readonly int[] counts;
    private readonly byte[] all;
    private readonly byte[] own;

    /// <summary>Makes room.</summary>
    /// <param name="ranks">Who runs which shards.</param>
    /// <param name="shards">All shards of a batch.</param>
    /// <param name="outputs">Number of outputs of the model.</param>
    public OutputExchange(ShardRanks ranks, Shard[] shards, int outputs)
    {
        this.ranks = ranks;
        counts = new int[ranks.Link.Count];
        for (int rank = 0; rank < counts.Length; rank++)
        {
            for (int i = ranks.FirstOf(rank, shards.Length); i < ranks.FirstOf(rank + 1, shards.Length); i++)
            {
                counts[rank] += SizeOf(shards[i], outputs);
            }
        }

        own = new byte[counts[ranks.Link.Rank]];
        all = new byte[checked(counts.Sum())];
    }

    /// <summary>Exchanges what the shards have given.</summary>
    public void Share(Shard[] shards, int outputs)
    {
        int first = ranks.FirstOf(ranks.Link.Rank, shards.Length);
        int end = ranks.FirstOf(ranks.Link.Rank + 1, shards.Length);
        Span<byte> to = own;
        for (int i = first; i < end; i++)
        {
            MemoryMarshal.Write(to, shards[i].Pass.ActivityPenalty);
            to = to[sizeof(double)..];
            for (int output = 0; output < outputs; output++)
            {
                SequenceBatch given = shards[i].Pass.Output(output);
                ReadOnlySpan<byte> values = MemoryMarshal.AsBytes<Real>(given.Values.Values);
                values.CopyTo(to);
                to = to[values.Length..];
                to[0] = given.Mask is null ? (byte)0 : (byte)1;
                given.Mask?.Select(kept => kept ? (byte)1 : (byte)0).ToArray().CopyTo(to[1..]);
                to = to[(1 + given.Values.ColumnCount)..];
                to[0] = given.Padding switch { null => 0, { IsBehind: false } => 1, _ => 2 };
                to = to[1..];
            }
        }

        ranks.Link.AllGather(own, all, counts);
        ReadOnlySpan<byte> from = all;
        for (int i = 0; i < shards.Length; i++)
        {
            if (i >= first && i < end)
            {
                from = from[SizeOf(shards[i], outputs)..];
                continue;
            }

            shards[i].Pass.ActivityPenalty = MemoryMarshal.Read<double>(from);
            from = from[sizeof(double)..];
            for (int output = 0; output < outputs; output++)
            {
                SequenceBatch taken = shards[i].Pass.Output(output);
                Span<byte> values = MemoryMarshal.AsBytes(taken.Values.Values.AsSpan());
                from[..values.Length].CopyTo(values);
                from = from[values.Length..];
                int columns = taken.Values.ColumnCount;
                taken.Mask = from[0] == 0 ? null : Array.ConvertAll(from.Slice(1, columns).ToArray(), kept => kept != 0);
                from = from[(1 + columns)..];

                // Where it stands is all that is asked of it: the mask tells of the columns.
                taken.Padding = from[0] switch
                {
                    0 => null,
                    1 => new Padding(taken.Steps, taken.BatchSize),
                    _ => new Padding(taken.Steps, taken.BatchSize).Reversed,
                };
                from = from[1..];
            }
        }
    }

    private static int SizeOf(Shard shard, int outputs)
    {
        int size = sizeof(double);
        for (int output = 0; output < outputs; output++)
        {
            (int rows, int columns) = shard.Pass.SizeOf(output);
            size += (rows * columns * sizeof(Real)) + 1 + columns + 1;
        }

        return size;
    }
}
