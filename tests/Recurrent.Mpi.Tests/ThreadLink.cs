using Recurrent.Training;

namespace Recurrent.Tests.Mpi;

/// <summary>Ranks that are threads of this process: what MPI does, in a few lines.</summary>
internal sealed class ThreadLink(int rank, ThreadLink.Meeting meeting) : IRankLink
{
    public int Rank { get; } = rank;

    public int Count => meeting.Count;

    /// <summary>Runs a program on so many ranks.</summary>
    internal static T[] Run<T>(int count, Func<IRankLink, T> program)
    {
        var meeting = new Meeting(count);
        var results = new T[count];
        var failures = new Exception?[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = program(new ThreadLink(rank, meeting));
            }
            catch (Exception exception)
            {
                failures[rank] = exception;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return Array.Find(failures, failure => failure is not null) is { } first
            ? throw new InvalidOperationException(first.Message, first) : results;
    }

    public void AllGather(ReadOnlySpan<byte> own, Span<byte> all, int[] counts)
    {
        byte[][] parts = meeting.Exchange(Rank, own.ToArray());
        int at = 0;
        for (int from = 0; from < Count; from++)
        {
            Assert.That(parts[from], Has.Length.EqualTo(counts[from]));
            parts[from].CopyTo(all[at..]);
            at += counts[from];
        }
    }

    public void AllToAll(ReadOnlySpan<byte> send, int[] sendCounts, Span<byte> receive, int[] receiveCounts)
    {
        byte[][] parts = meeting.Exchange(Rank, [.. sendCounts.SelectMany(BitConverter.GetBytes), .. send.ToArray()]);
        int at = 0;
        for (int from = 0; from < Count; from++)
        {
            int[] counts = [.. Enumerable.Range(0, Count).Select(i => BitConverter.ToInt32(parts[from], 4 * i))];
            Assert.That(counts[Rank], Is.EqualTo(receiveCounts[from]));
            parts[from].AsSpan((4 * Count) + counts.Take(Rank).Sum(), counts[Rank]).CopyTo(receive[at..]);
            at += receiveCounts[from];
        }
    }

    public void AllReduce(Span<Real> values)
    {
        byte[][] parts = meeting.Exchange(Rank, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray());
        values.Clear();
        foreach (byte[] part in parts)
        {
            ReadOnlySpan<Real> other = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Real>(part);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] += other[i];
            }
        }
    }

    /// <summary>Where ranks meet to exchange what they have.</summary>
    internal sealed class Meeting(int count) : IDisposable
    {
        private readonly Barrier barrier = new(count);
        private readonly byte[][] slots = new byte[count][];

        public int Count { get; } = count;

        public void Dispose() => barrier.Dispose();

        public byte[][] Exchange(int rank, byte[] own)
        {
            slots[rank] = own;
            Wait();
            byte[][] all = [.. slots];
            Wait();
            return all;
        }

        private void Wait()
        {
            if (!barrier.SignalAndWait(TimeSpan.FromSeconds(30)))
            {
                throw new TimeoutException("A rank has not come to the meeting.");
            }
        }
    }
}
