namespace Recurrent.Numerics;

/// <summary>Runs the parts of a job on several threads.</summary>
/// <remarks>
/// The threads are shared by the process and sleep when idle. Which thread runs which part is not defined, so parts must
/// write to places of their own; then the result does not depend on the number of threads.
/// </remarks>
public static class Workers
{
    /// <summary>Runs <c>job(state, 0)</c> … <c>job(state, count - 1)</c> and returns when all are done.</summary>
    /// <typeparam name="TState">What the parts share.</typeparam>
    /// <param name="count">Number of parts.</param>
    /// <param name="maxDegree">Largest number of threads to use, the caller's included.</param>
    /// <param name="state">Passed to every part.</param>
    /// <param name="job">Runs one part. A static lambda or a cached delegate allocates nothing.</param>
    /// <remarks>
    /// If parts fail, all parts are still run and the exception of the first by index is thrown again. If the caller is
    /// interrupted, all parts are still run, and no thread is inside one any more when it hears of it.
    /// </remarks>
    public static void Run<TState>(int count, int maxDegree, TState state, Action<TState, int> job)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxDegree);
        ArgumentNullException.ThrowIfNull(job);
        if (count > 0)
        {
            ParallelRun<TState>.Run(WorkerPool.Shared, count, Math.Min(count, maxDegree) - 1, state, job);
        }
    }
}
