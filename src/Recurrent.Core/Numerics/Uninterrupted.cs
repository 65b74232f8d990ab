namespace Recurrent.Numerics;

/// <summary>
/// Waits that <see cref="Thread.Interrupt"/> does not break off, for where a thread that left would leave others at work in its buffers.
/// Each gives whether an interrupt came, which <see cref="Keep"/> hands on to the thread's next wait.
/// </summary>
internal static class Uninterrupted
{
    /// <summary>Enters a lock.</summary>
    public static bool Enter(Lock gate)
    {
        for (bool interrupted = false; ; interrupted = true)
        {
            try
            {
                gate.Enter();
                return interrupted;
            }
            catch (ThreadInterruptedException)
            {
                // Asked for again at the end.
            }
        }
    }

    /// <summary>Waits for a semaphore.</summary>
    public static bool Wait(SemaphoreSlim semaphore)
    {
        for (bool interrupted = false; ; interrupted = true)
        {
            try
            {
                semaphore.Wait();
                return interrupted;
            }
            catch (ThreadInterruptedException)
            {
                // Nothing has been taken from the semaphore.
            }
        }
    }

    /// <summary>Releases a semaphore, which has a lock of its own.</summary>
    public static bool Release(SemaphoreSlim semaphore, int count)
    {
        for (bool interrupted = false; ; interrupted = true)
        {
            try
            {
                semaphore.Release(count);
                return interrupted;
            }
            catch (ThreadInterruptedException)
            {
                // It came while the lock was waited for: nothing has been released.
            }
        }
    }

    /// <summary>Raises an interrupt that came meanwhile again.</summary>
    public static void Keep(bool interrupted)
    {
        if (interrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
