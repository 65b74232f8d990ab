using System.Runtime.InteropServices;
using Recurrent.Layers;

namespace Recurrent.Training;

/// <summary>
/// Gives all ranks the states that the shards of each have ended with, so that each holds those of all samples: they go on from
/// there, into backups and predictions.
/// </summary>
/// <param name="ranks">Who runs which shards.</param>
internal sealed class StateExchange(ShardRanks ranks)
{
    private byte[] own = [];
    private byte[] all = [];

    /// <summary>Exchanges what the shards have left behind.</summary>
    /// <param name="states">The states: a sample a column.</param>
    /// <param name="shards">All shards of the batch.</param>
    public void Share(StateStore states, ReadOnlySpan<Shard> shards)
    {
        int[] samples = new int[ranks.Link.Count + 1];
        for (int rank = 0; rank < samples.Length; rank++)
        {
            int shard = ranks.FirstOf(rank, shards.Length);
            samples[rank] = shard < shards.Length ? shards[shard].BatchStart : shards[^1].BatchStart + shards[^1].Size;
        }

        int rows = states.All().Sum(state => state.RowCount);
        int[] counts = new int[ranks.Link.Count];
        for (int rank = 0; rank < counts.Length; rank++)
        {
            counts[rank] = checked((samples[rank + 1] - samples[rank]) * rows * sizeof(Real));
        }

        WholeBatch.Fit(ref own, counts[ranks.Link.Rank]);
        WholeBatch.Fit(ref all, checked(rows * samples[^1] * sizeof(Real)));
        Span<byte> to = own;
        foreach (DenseMatrix state in states.All())
        {
            Span<byte> part = Columns(states, state, samples[ranks.Link.Rank], samples[ranks.Link.Rank + 1]);
            part.CopyTo(to);
            to = to[part.Length..];
        }

        ranks.Link.AllGather(own, all, counts);
        ReadOnlySpan<byte> from = all;
        for (int rank = 0; rank < counts.Length; rank++)
        {
            foreach (DenseMatrix state in states.All())
            {
                Span<byte> part = Columns(states, state, samples[rank], samples[rank + 1]);
                from[..part.Length].CopyTo(part);
                from = from[part.Length..];
            }
        }
    }

    private static Span<byte> Columns(StateStore states, DenseMatrix state, int first, int end) => MemoryMarshal.AsBytes(
        state.Values.AsSpan((states.FirstSample + first) * state.RowCount, (end - first) * state.RowCount));
}
