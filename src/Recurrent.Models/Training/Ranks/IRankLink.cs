namespace Recurrent.Training;

/// <summary>What connects the processes, the ranks, that share the shards of a batch. One thread at a time calls it, and all
/// ranks make the same calls in the same order.</summary>
internal interface IRankLink
{
    /// <summary>Number of this process, from 0.</summary>
    int Rank { get; }

    /// <summary>Number of processes.</summary>
    int Count { get; }

    /// <summary>Puts together what all ranks give, in their order.</summary>
    /// <param name="own">The bytes of this rank.</param>
    /// <param name="all">Receives all.</param>
    /// <param name="counts">Bytes of each rank.</param>
    void AllGather(ReadOnlySpan<byte> own, Span<byte> all, int[] counts);

    /// <summary>Gives each rank a part, and takes one from each.</summary>
    /// <param name="send">The parts for all ranks, in their order.</param>
    /// <param name="sendCounts">Bytes for each rank.</param>
    /// <param name="receive">Receives the parts from all ranks, in their order.</param>
    /// <param name="receiveCounts">Bytes from each rank.</param>
    void AllToAll(ReadOnlySpan<byte> send, int[] sendCounts, Span<byte> receive, int[] receiveCounts);

    /// <summary>Adds up numbers over all ranks, in an order that is the link's own.</summary>
    /// <param name="values">The numbers of this rank, and then the sums.</param>
    void AllReduce(Span<Real> values);
}
