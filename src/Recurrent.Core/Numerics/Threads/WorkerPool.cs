namespace Recurrent.Numerics;

/// <summary>
/// The threads behind <see cref="Workers"/>: made when first needed, background, shared by the whole process, asleep when
/// there is nothing to do.
/// </summary>
/// <remarks>
/// A run offers itself on a list; threads that come by while it still has parts help. Whoever starts a run works on it
/// too and could finish it alone, so a run waits only for helpers that are inside one of its parts: nested and concurrent
/// runs cannot wait for one another in a circle. Where a thread cannot be started, those there are do the work, if need be the
/// caller alone. An interrupt of the caller (<see cref="Thread.Interrupt"/>) breaks none of this off: it is kept for later.
/// </remarks>
/// <param name="start">Starts a thread.</param>
#pragma warning disable CA1001 // Its semaphore has no handle of the system's, and nothing to dispose of.
internal sealed class WorkerPool(Action<Thread> start)
#pragma warning restore CA1001
{
    // A training step comes back with the next run within microseconds: looking out for it some 60 µs is cheaper than sleeping.
    // Short pauses, so that a run that comes is seen at once.
    private const int SpinRounds = 400;
    private const int SpinIterations = 4;

    // How long no other thread is asked for after one that could not be started.
    private const int RetryMilliseconds = 1000;

    // A request for more than this is as good as unlimited.
    private static readonly int MostThreads = Math.Max(Environment.ProcessorCount, 16) - 1;

    private static int numbers;

    private readonly Lock gate = new();
    private readonly Permits wake = new();
    private ParallelRun? first;
    private int threads;
    private int busy;
    private int wanted;
    private int sleepers;
    private int offers;
    private long noStartBefore;

    /// <summary>The pool of the process.</summary>
    public static WorkerPool Shared { get; } = new(static thread => thread.Start());

    /// <summary>A number of the current thread: 0 where it is none of a pool, which are counted from 1 on.</summary>
    [field: ThreadStatic]
    public static int ThreadNumber { get; private set; }

    /// <summary>Puts a run on the list, for at most <paramref name="helpers"/> threads.</summary>
    public void Offer(ParallelRun run, int helpers)
    {
        if (helpers == 0)
        {
            return;
        }

        int woken;
        bool interrupted = Uninterrupted.Enter(gate);
        try
        {
            run.HelpersWanted = helpers;
            run.Next = first;
            first = run;
            wanted += helpers;
            interrupted |= StartThreads();
            woken = Math.Min(helpers, sleepers);
            sleepers -= woken;
        }
        finally
        {
            gate.Exit();
        }

        // After the lock, which those who look out for it will want.
        Interlocked.Increment(ref offers);
        if (woken > 0)
        {
            interrupted |= wake.Release(woken);
        }

        Uninterrupted.Keep(interrupted);
    }

    /// <summary>Takes a run off the list and waits for the helpers inside it, whatever happens.</summary>
    public void Withdraw(ParallelRun run)
    {
        bool interrupted = false;

        // Where all helpers have come, the last of them has taken it off.
        if (run.HelpersWanted > 0)
        {
            interrupted = Uninterrupted.Enter(gate);
            if (run.HelpersWanted > 0)
            {
                Remove(run);
            }

            gate.Exit();
        }

        interrupted |= run.WaitForHelpers();
        Uninterrupted.Keep(interrupted);
    }

    /// <summary>Starts as many threads as the runs on the list could use. Gives whether an interrupt came.</summary>
    private bool StartThreads()
    {
        // A thread inside another run, perhaps that of which this one is a part, cannot come, nor can one whom another run
        // awaits.
        int most = Math.Min(Volatile.Read(ref busy) + wanted, MostThreads);
        if (threads >= most || Environment.TickCount64 < noStartBefore)
        {
            return false;
        }

        try
        {
            for (; threads < most; threads++)
            {
                start(new Thread(Work) { IsBackground = true, Name = "Recurrent worker" });
            }

            return false;
        }
        catch (ThreadInterruptedException)
        {
            return true;
        }
#pragma warning disable CA1031 // Whatever the reason (memory, a limit of the process): the work is done without that thread.
        catch (Exception)
#pragma warning restore CA1031
        {
            noStartBefore = Environment.TickCount64 + RetryMilliseconds;
            return false;
        }
    }

    private void Work()
    {
        // Drawn by the thread itself: one that was counted as not started, and runs all the same, has a number of its own, too.
        ThreadNumber = Interlocked.Increment(ref numbers);
        while (true)
        {
            ParallelRun run = Next();
            run.Help();

            // Before the caller hears of it, whose next run would else take this thread for busy and make another.
            Interlocked.Decrement(ref busy);
            run.Leave();
        }
    }

    private ParallelRun Next()
    {
        while (true)
        {
            int seen = Volatile.Read(ref offers);
            Uninterrupted.Enter(gate);
            ParallelRun? run = first;
            if (run is not null)
            {
                run.Enter();
                Interlocked.Increment(ref busy);
                wanted--;
                if (--run.HelpersWanted == 0)
                {
                    Remove(run);
                }
            }

            gate.Exit();
            if (run is not null)
            {
                return run;
            }

            if (!SpinUntilOffer(seen) && PrepareToSleep())
            {
                wake.Take();
            }
        }
    }

    private bool SpinUntilOffer(int seen)
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
    private bool PrepareToSleep()
    {
        Uninterrupted.Enter(gate);
        bool sleeps = first is null;
        sleepers += sleeps ? 1 : 0;
        gate.Exit();
        return sleeps;
    }

    private void Remove(ParallelRun run)
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
