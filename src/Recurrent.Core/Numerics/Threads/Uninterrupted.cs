namespace Recurrent.Numerics;

/// <summary>
/// Waits that <see cref="Thread.Interrupt"/> does not break off, for where a thread that left would leave others at work in its
/// buffers. Each gives whether an interrupt came, which <see cref="Keep"/> hands on to the thread's next wait.
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

    /// <summary>Raises an interrupt that came meanwhile again.</summary>
    public static void Keep(bool interrupted)
    {
        if (interrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}

/// <summary>A number that threads take one from, and wait for where it is 0; unlike <see cref="SemaphoreSlim"/>, which loses a
/// release where an interrupt meets it, safe from <see cref="Thread.Interrupt"/>.</summary>
internal sealed class Permits
{
    private readonly object gate = new();
    private int left;

    /// <summary>Takes one, and waits for it if need be. Gives whether an interrupt came.</summary>
    public bool Take()
    {
        for (bool interrupted = false; ; interrupted = true)
        {
            try
            {
                lock (gate)
                {
                    while (left == 0)
                    {
                        Monitor.Wait(gate);
                    }

                    left--;
                    return interrupted;
                }
            }
            catch (ThreadInterruptedException)
            {
                // Whether or not it took a pulse with it: what there is to take is looked at again.
            }
        }
    }

    /// <summary>Adds some. Gives whether an interrupt came.</summary>
    public bool Release(int count)
    {
        for (bool interrupted = false; ; interrupted = true)
        {
            try
            {
                lock (gate)
                {
                    left += count;
                    for (int i = 0; i < count; i++)
                    {
                        Monitor.Pulse(gate);
                    }

                    return interrupted;
                }
            }
            catch (ThreadInterruptedException)
            {
                // It came while the lock was waited for: nothing has been added.
            }
        }
    }
}
