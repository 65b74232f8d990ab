using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>A projection with what it is applied to and where its result goes.</summary>
/// <param name="Projection">The map.</param>
/// <param name="X">Its columns.</param>
/// <param name="Y">Receives the results.</param>
internal readonly record struct ProjectionJob(Projection Projection, ColumnBlock X, ColumnBlock Y)
{
    // As products have it: less is not worth handing over, and fewer columns leave tiles half empty.
    private const long LeastShared = 1 << 16;
    private const int LeastColumns = 8;

    private static readonly Action<Three, int> RunPart = static (three, part) => three.Run(part);

    private long Work => (long)Projection.Outputs * Projection.Inputs * X.ColumnCount;

    /// <summary>Runs three jobs; threads that share in them do so by columns, and are asked once for all three.</summary>
    /// <param name="first">A job.</param>
    /// <param name="second">Another one.</param>
    /// <param name="third">Another one.</param>
    /// <param name="threads">How many threads may share in them.</param>
    public static void Run(ProjectionJob first, ProjectionJob second, ProjectionJob third, int threads)
    {
        int parts = threads;
        if (threads > 1)
        {
            int columns = Math.Min(first.X.ColumnCount, Math.Min(second.X.ColumnCount, third.X.ColumnCount));
            long work = first.Work + second.Work + third.Work;
            parts = (int)Math.Min(Math.Min(threads, columns / LeastColumns), work / LeastShared);
        }

        if (parts > 1)
        {
            Workers.Run(parts, parts, new Three(first, second, third, parts), RunPart);
            return;
        }

        first.Projection.Set(first.X, first.Y, threads);
        second.Projection.Set(second.X, second.Y, threads);
        third.Projection.Set(third.X, third.Y, threads);
    }

    private void Run(int part, int parts)
    {
        int first = (int)((long)X.ColumnCount * part / parts);
        int count = (int)((long)X.ColumnCount * (part + 1) / parts) - first;
        Projection.Set(X.Columns(first, count), Y.Columns(first, count), threads: 1);
    }

    private readonly record struct Three(ProjectionJob First, ProjectionJob Second, ProjectionJob Third, int Parts)
    {
        public void Run(int part)
        {
            First.Run(part, Parts);
            Second.Run(part, Parts);
            Third.Run(part, Parts);
        }
    }
}
