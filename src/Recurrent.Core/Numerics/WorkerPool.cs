namespace Recurrent.Numerics;

/// <summary>
/// The threads behind <see cref="Workers"/>: made when first needed, background, shared by the whole process, asleep when
/// there is nothing to do.
/// </summary>
/// <remarks>
/// A run offers itself on a list; threads that come by while it still has parts help. Whoever starts a run works on it
/// too and could finish it alone, so a run waits only for helpers that are inside one of its parts: nested and concurrent
/// runs cannot wait for one another in a circle.
/// </remarks>
internal static class WorkerPool
{
    // A training step comes back with the next run within microseconds: looking out for it some 60 µs is cheaper than sleeping. Short
    // pauses, so that a run that comes is seen at once.
    private const int SpinRounds = 400;
    private const int SpinIterations = 4;

    // A request for more than this is as good as unlimited.
    private static readonly int MostThreads = Math.Max(Environment.ProcessorCount, 16) - 1;

    private static readonly Lock Gate = new();
    private static readonly SemaphoreSlim Wake = new(0);
    private static ParallelRun? first;
    private static int threads;
    private static int busy;
    private static int wanted;
    private static int sleepers;
    private static int offers;

    /// <summary>A number of the current thread: 0 where it is none of the pool, which are counted from 1 on.</summary>
    [field: ThreadStatic]
    public static int ThreadNumber { get; private set; }

    /// <summary>Puts a run on the list, for at most <paramref name="helpers"/> threads.</summary>
    public static void Offer(ParallelRun run, int helpers)
    {
        if (helpers == 0)
        {
            return;
        }

        int wake;
        lock (Gate)
        {
            run.HelpersWanted = helpers;
            run.Next = first;
            first = run;
            // A thread inside another run, perhaps that of which this one is a part, cannot come, nor can one whom another run awaits.
            wanted += helpers;
            for (; threads < Math.Min(Volatile.Read(ref busy) + wanted, MostThreads); threads++)
            {
                new Thread(Work) { IsBackground = true, Name = "Recurrent worker" }.Start(threads + 1);
            }

            wake = Math.Min(helpers, sleepers);
            sleepers -= wake;
        }

        // After the lock, which those who look out for it will want.
        Interlocked.Increment(ref offers);
        if (wake > 0)
        {
            Wake.Release(wake);
        }
    }

    /// <summary>Takes a run off the list and waits for the helpers inside it.</summary>
    public static void Withdraw(ParallelRun run)
    {
        // Where all helpers have come, the last of them has taken it off.
        if (run.HelpersWanted > 0)
        {
            lock (Gate)
            {
                if (run.HelpersWanted > 0)
                {
                    Remove(run);
                }
            }
        }

        run.WaitForHelpers();
    }

    private static void Work(object? number)
    {
        ThreadNumber = (int)number!;
        while (true)
        {
            ParallelRun run = Next();
            run.Help();

            // Before the caller hears of it, whose next run would else take this thread for busy and make another.
            Interlocked.Decrement(ref busy);
            run.Leave();
        }
    }

    private static ParallelRun Next()
    {
        while (true)
        {
            int seen = Volatile.Read(ref offers);
            lock (Gate)
            {
                if (first is { } run)
                {
                    run.Enter();
                    Interlocked.Increment(ref busy);
                    wanted--;
                    if (--run.HelpersWanted == 0)
                    {
                        Remove(run);
                    }

                    return run;
                }
            }

            if (!SpinUntilOffer(seen) && PrepareToSleep())
            {
                Wake.Wait();
            }
        }
    }

    private static bool SpinUntilOffer(int seen)
    {
        for (int round = 0; round < SpinRounds; round++)
        {
            if (Volatile.Read(ref offers) != seen)
            {
                return true;
            }

            Thread.SpinWait(SpinIterations);
        }

        return false;
    }

    // Counted under the lock that offers take, so a run offered from here on wakes this thread.
    private static bool PrepareToSleep()
    {
        lock (Gate)
        {
            if (first is not null)
            {
                return false;
            }

            sleepers++;
            return true;
        }
    }

    private static void Remove(ParallelRun run)
    {
        wanted -= run.HelpersWanted;
        run.HelpersWanted = 0;
        if (first == run)
        {
            first = run.Next;
        }
        else
        {
            ParallelRun before = first!;
            while (before.Next != run)
            {
                before = before.Next!;
            }

            before.Next = run.Next;
        }

        run.Next = null;
    }
}
