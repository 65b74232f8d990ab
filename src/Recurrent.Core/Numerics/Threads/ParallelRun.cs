using System.Runtime.ExceptionServices;

namespace Recurrent.Numerics;

/// <summary>One call of <see cref="Workers.Run"/>, as the pool sees it.</summary>
#pragma warning disable CA1001 // Its semaphore has no handle of the system's, and nothing to dispose of.
internal abstract class ParallelRun
#pragma warning restore CA1001
{
    private const int SpinRounds = 500;
    private const int SpinIterations = 4;

    private readonly Lock leaving = new();
    private readonly Permits left = new();
    private int inside;
    private bool isAwaited;
    private volatile int helpersWanted;

    /// <summary>Helpers that may still join; written under the pool's lock, and never raised once a run is offered.</summary>
    public int HelpersWanted
    {
        get => helpersWanted;
        set => helpersWanted = value;
    }

    /// <summary>The next run on the pool's list; guarded by the pool's lock.</summary>
    public ParallelRun? Next { get; set; }

    /// <summary>A helper joins; under the pool's lock, so before the caller's withdrawal or not at all.</summary>
    public void Enter() => Interlocked.Increment(ref inside);

    /// <summary>A helper works on parts until there are none.</summary>
    public void Help() => Work(fromFront: false);

    /// <summary>A helper leaves.</summary>
    public void Leave()
    {
        Uninterrupted.Enter(leaving);
        bool isLast = Interlocked.Decrement(ref inside) == 0 && isAwaited;
        isAwaited &= !isLast;
        leaving.Exit();
        if (isLast)
        {
            left.Release(1);
        }
    }

    /// <summary>Returns when every helper has left, and not before; none can join any more. Gives whether an interrupt came
    /// meanwhile.</summary>
    public bool WaitForHelpers()
    {
        for (int round = 0; round < SpinRounds; round++)
        {
            if (Volatile.Read(ref inside) == 0)
            {
                return false;
            }

            Thread.SpinWait(SpinIterations);
        }

        bool interrupted = Uninterrupted.Enter(leaving);
        isAwaited = Volatile.Read(ref inside) > 0;
        bool waits = isAwaited;
        leaving.Exit();
        return (waits && left.Take()) | interrupted;
    }

    /// <summary>Works on parts until there are none. Never throws.</summary>
    /// <param name="fromFront">Whether to take the first of those that are left (the caller), or the last (helpers).</param>
    protected abstract void Work(bool fromFront);
}

/// <summary>A run with its job; kept by the thread that made it and used again.</summary>
internal sealed class ParallelRun<TState> : ParallelRun
{
    [ThreadStatic]
    private static ParallelRun<TState>? spare;

    private ParallelRun<TState>? nextSpare;
    private Action<TState, int>? job;
    private TState state = default!;
    private int count;
    private int started;
    private int takenFromFront;
    private int takenFromBack;
    private Failure? failure;

    /// <summary>Runs all parts on this thread and at most <paramref name="helpers"/> others.</summary>
    public static void Run(WorkerPool pool, int count, int helpers, TState state, Action<TState, int> job)
    {
        // A list, because a part may itself start a run of the same type.
        ParallelRun<TState> run = spare ?? new();
        spare = run.nextSpare;
        run.job = job;
        run.state = state;
        run.count = count;
        run.started = 0;
        run.takenFromFront = 0;
        run.takenFromBack = 0;
        run.failure = null;

        try
        {
            pool.Offer(run, helpers);
            run.Work(fromFront: true);
        }
        finally
        {
            // Until then helpers may be at work in the caller's buffers.
            pool.Withdraw(run);
        }

        ExceptionDispatchInfo? failure = run.failure?.Info;
        run.job = null;
        run.state = default!;
        run.failure = null;
        run.nextSpare = spare;
        spare = run;
        failure?.Throw();
    }

    /// <inheritdoc/>
    /// <remarks>From both ends, so that from run to run a core meets much the same parts, and finds their data in its
    /// cache.</remarks>
    protected override void Work(bool fromFront)
    {
        // Whoever has counted in may take one part; as many may count in as there are parts, so the two ends never cross.
        while (Interlocked.Increment(ref started) <= count)
        {
            int index = fromFront ? takenFromFront++ : count - Interlocked.Increment(ref takenFromBack);
            try
            {
                job!(state, index);
            }
#pragma warning disable CA1031 // Not swallowed: the caller's thread throws it again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(index, exception);
            }
        }
    }

    private void Fail(int index, Exception exception)
    {
        var own = new Failure(index, ExceptionDispatchInfo.Capture(exception));
        Failure? known = Volatile.Read(ref failure);
        while (known is null || index < known.Index)
        {
            Failure? before = Interlocked.CompareExchange(ref failure, own, known);
            if (before == known)
            {
                return;
            }

            known = before;
        }
    }

    private sealed class Failure(int index, ExceptionDispatchInfo info)
    {
        public int Index { get; } = index;

        public ExceptionDispatchInfo Info { get; } = info;
    }
}
