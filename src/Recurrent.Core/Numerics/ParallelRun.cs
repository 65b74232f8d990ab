using System.Runtime.ExceptionServices;

namespace Recurrent.Numerics;

/// <summary>One call of <see cref="Workers.Run"/>, as the pool sees it.</summary>
internal abstract class ParallelRun
{
    private const int SpinRounds = 100;

    private readonly object leaving = new();
    private int inside;

    /// <summary>Helpers that may still join; guarded by the pool's lock.</summary>
    public int HelpersWanted { get; set; }

    /// <summary>The next run on the pool's list; guarded by the pool's lock.</summary>
    public ParallelRun? Next { get; set; }

    /// <summary>A helper joins; under the pool's lock, so before the caller's withdrawal or not at all.</summary>
    public void Enter() => Interlocked.Increment(ref inside);

    /// <summary>A helper works on parts until there are none, and leaves.</summary>
    public void Help()
    {
        Work();
        lock (leaving)
        {
            if (Interlocked.Decrement(ref inside) == 0)
            {
                Monitor.PulseAll(leaving);
            }
        }
    }

    /// <summary>Returns when every helper has left. None can join any more.</summary>
    public void WaitForHelpers()
    {
        for (int round = 0; round < SpinRounds; round++)
        {
            if (Volatile.Read(ref inside) == 0)
            {
                return;
            }

            Thread.SpinWait(20);
        }

        lock (leaving)
        {
            while (Volatile.Read(ref inside) > 0)
            {
                Monitor.Wait(leaving);
            }
        }
    }

    /// <summary>Works on parts until there are none. Never throws.</summary>
    protected abstract void Work();
}

/// <summary>A run with its job; kept by the thread that made it and used again.</summary>
internal sealed class ParallelRun<TState> : ParallelRun
{
    [ThreadStatic]
    private static ParallelRun<TState>? spare;

    private readonly Lock failing = new();
    private ParallelRun<TState>? nextSpare;
    private Action<TState, int>? job;
    private TState state = default!;
    private int count;
    private int started;
    private int failedIndex;
    private ExceptionDispatchInfo? failure;

    /// <summary>Runs all parts on this thread and at most <paramref name="helpers"/> others.</summary>
    public static void Run(int count, int helpers, TState state, Action<TState, int> job)
    {
        // A list, because a part may itself start a run of the same type.
        ParallelRun<TState> run = spare ?? new();
        spare = run.nextSpare;
        run.job = job;
        run.state = state;
        run.count = count;
        run.started = 0;
        run.failure = null;

        WorkerPool.Offer(run, helpers);
        run.Work();
        WorkerPool.Withdraw(run);

        ExceptionDispatchInfo? failure = run.failure;
        run.job = null;
        run.state = default!;
        run.failure = null;
        run.nextSpare = spare;
        spare = run;
        failure?.Throw();
    }

    /// <inheritdoc/>
    protected override void Work()
    {
        int index;
        while ((index = Interlocked.Increment(ref started) - 1) < count)
        {
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
        lock (failing)
        {
            if (failure is null || index < failedIndex)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
                failedIndex = index;
            }
        }
    }
}
