using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Recurrent.Layers;

namespace Recurrent.Training;

/// <summary>Which rank runs which shards of a batch.</summary>
/// <param name="link">What connects the ranks.</param>
/// <param name="shards">Number of shards of a batch; null for what its size says.</param>
/// <param name="inOrder">Whether gradients are added in the order of the shards, which gives the bits of one process.</param>
internal sealed class ShardRanks(IRankLink link, int? shards, bool inOrder)
{
    // What a rank says of itself, so long that a hash and a few words fit.
    private const int NoteLength = 256;

    public IRankLink Link { get; } = link;

    public bool InOrder { get; } = inOrder;

    /// <summary>What all ranks must agree on, in a few words.</summary>
    public string Note { get; } = FormattableString.Invariant($"shards {shards}, in order {inOrder}");

    /// <summary>Number of shards of a batch: it depends on neither the rank nor their number.</summary>
    public int ShardsOf(int batchSize) => Math.Min(shards ?? ShardPlan.Count(batchSize), batchSize);

    /// <summary>The first shard of a rank, when the shards of a batch are dealt out as evenly as can be, in order.</summary>
    public int FirstOf(int rank, int shardCount) => ShardPlan.Start(shardCount, Link.Count, rank);

    /// <summary>The rank that runs a shard.</summary>
    public int OwnerOf(int shard, int shardCount)
    {
        int rank = 0;
        while (FirstOf(rank + 1, shardCount) <= shard)
        {
            rank++;
        }

        return rank;
    }

    /// <summary>Tells all ranks something of each.</summary>
    /// <param name="own">What this one says.</param>
    /// <returns>What all say, in their order.</returns>
    public byte[] Tell(byte own)
    {
        byte[] all = new byte[Link.Count];
        int[] counts = new int[Link.Count];
        Array.Fill(counts, 1);
        Link.AllGather([own], all, counts);
        return all;
    }

    /// <summary>Gives all ranks the numbers of one.</summary>
    public void Broadcast(Span<Real> values, int from)
    {
        int[] counts = new int[Link.Count];
        counts[from] = checked(values.Length * sizeof(Real));
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        byte[] own = Link.Rank == from ? bytes.ToArray() : [];
        Link.AllGather(own, bytes, counts);
    }

    /// <summary>Gives all ranks the sums that the shards of each have contributed.</summary>
    /// <param name="sums">The sums of all shards.</param>
    /// <param name="back">Whether they are those of the backward pass.</param>
    public void ShareSums(BatchSums[] sums, bool back)
    {
        int numbers = sums[0].Own(back).Sum(part => part.Length);
        int[] counts = new int[Link.Count];
        for (int rank = 0; rank < counts.Length; rank++)
        {
            int shards = FirstOf(rank + 1, sums.Length) - FirstOf(rank, sums.Length);
            counts[rank] = checked(shards * numbers * sizeof(double));
        }

        int first = FirstOf(Link.Rank, sums.Length);
        int end = FirstOf(Link.Rank + 1, sums.Length);
        double[] own = [.. sums[first..end].SelectMany(shard => shard.Own(back)).SelectMany(part => part)];
        double[] all = new double[numbers * sums.Length];
        Link.AllGather(MemoryMarshal.AsBytes(own.AsSpan()), MemoryMarshal.AsBytes(all.AsSpan()), counts);
        int at = 0;
        foreach (double[] part in sums.SelectMany(shard => shard.Own(back)))
        {
            all.AsSpan(at, part.Length).CopyTo(part);
            at += part.Length;
        }
    }

    /// <summary>Requires that all ranks say the same, and waits for all of them.</summary>
    /// <param name="what">What they say it of, for the message.</param>
    /// <param name="note">What this one says.</param>
    /// <exception cref="InvalidOperationException">One says something else than the first.</exception>
    public void RequireSame(string what, string note)
    {
        byte[] own = new byte[NoteLength];
        byte[] text = Encoding.UTF8.GetBytes(note);
        if (text.Length > NoteLength)
        {
            // What does not fit counts too.
            byte[] hash = Encoding.UTF8.GetBytes($"… {Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 8))}");
            hash.CopyTo(text, NoteLength - hash.Length);
        }

        text.AsSpan(0, Math.Min(text.Length, NoteLength)).CopyTo(own);
        byte[] all = new byte[NoteLength * Link.Count];
        int[] counts = new int[Link.Count];
        Array.Fill(counts, NoteLength);
        Link.AllGather(own, all, counts);
        for (int rank = 1; rank < Link.Count; rank++)
        {
            ReadOnlySpan<byte> other = all.AsSpan(rank * NoteLength, NoteLength);
            if (!other.SequenceEqual(all.AsSpan(0, NoteLength)))
            {
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"The ranks do not agree on {what}: rank {rank} has '{Text(other)}', rank 0 ")
                    + $"'{Text(all.AsSpan(0, NoteLength))}'. "
                    + "Every rank must build the same model with the same seed, and load the same data.");
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> note) => Encoding.UTF8.GetString(note.TrimEnd((byte)0));
}
