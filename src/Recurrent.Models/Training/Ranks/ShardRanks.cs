using System.Text;

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

    /// <summary>Number of shards of a batch: it depends on neither the rank nor their number.</summary>
    public int ShardsOf(int batchSize) => Math.Min(shards ?? ShardPlan.Count(batchSize), batchSize);

    /// <summary>The first shard of a rank, when the shards of a batch are dealt out as evenly as can be, in order.</summary>
    public int FirstOf(int rank, int shardCount) => ShardPlan.Start(shardCount, Link.Count, rank);

    /// <summary>Requires that all ranks say the same, and waits for all of them.</summary>
    /// <param name="what">What they say it of, for the message.</param>
    /// <param name="note">What this one says.</param>
    /// <exception cref="InvalidOperationException">One says something else than the first.</exception>
    public void RequireSame(string what, string note)
    {
        byte[] own = new byte[NoteLength];
        byte[] text = Encoding.UTF8.GetBytes(note);
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
