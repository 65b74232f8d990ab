namespace Recurrent.Tests;

/// <summary>Counts what code allocates.</summary>
internal static class Allocation
{
    /// <summary>
    /// The bytes that an action allocates on this thread, the least of several runs: now and then the runtime allocates on a
    /// thread of its own accord, when two threads meet at a lock for the first time, or a method is compiled anew.
    /// </summary>
    internal static long LeastOf(Action action, int runs = 5)
    {
        long least = long.MaxValue;
        for (int run = 0; run < runs; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
