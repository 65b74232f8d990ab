using Recurrent.Numerics;

namespace Recurrent.Forecasting;

/// <summary>Runs a job on each of several series, on several threads, and keeps what went wrong with each.</summary>
/// <param name="run">How it is run.</param>
/// <param name="count">Number of series.</param>
/// <param name="stage">What is done, for those who watch.</param>
internal sealed class LocalRun(ForecastRun run, int count, string stage)
{
    private int done;

    /// <summary>What went wrong with each; null where nothing did.</summary>
    internal Exception?[] Problems { get; } = new Exception?[count];

    /// <summary>Runs the job on each; those that fail are noted.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    internal void Each(Action<int> job)
    {
        Workers.Run(count, Math.Max(1, run.Threads), (this, job), static (state, i) => state.Item1.One(state.job, i));
        run.Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Runs the job on each, and throws again what went wrong with the first by place.</summary>
    /// <exception cref="ArgumentException">The job cannot be done on one; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    internal void EachOrThrow(Action<int> job, Func<int, string> name)
    {
        Each(job);
        int first = Array.FindIndex(Problems, problem => problem is not null);
        if (first >= 0)
        {
            throw new ArgumentException($"Series '{name(first)}': {Problems[first]!.Message}", Problems[first]);
        }
    }

    private void One(Action<int> job, int i)
    {
        if (run.Cancellation.IsCancellationRequested)
        {
            return;
        }

        try
        {
            job(i);
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            Problems[i] = exception;
        }

        run.Progress?.Report(new(stage, Interlocked.Increment(ref done), count));
    }
}
