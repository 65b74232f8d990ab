namespace Recurrent.Numerics;

/// <summary>Work on the columns of blocks of which none depends on another.</summary>
internal interface IColumnWork
{
    /// <summary>Works on some columns.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    void Run(int first, int count);
}

/// <summary>Shares columns out among threads: time steps of a sequence, whose gates do not depend on each other.</summary>
/// <remarks>No element is computed otherwise for it, so the bits do not depend on the number of threads.</remarks>
internal static class ColumnPieces
{
    /// <summary>Fewer values than this on each thread would not repay waking it.</summary>
    private const int LeastForThread = 1 << 13;

    /// <summary>Runs the work over all columns.</summary>
    /// <param name="work">The work.</param>
    /// <param name="rows">Values that it computes in a column.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="threads">How many threads may share in it, the caller's included.</param>
    public static void Run<TWork>(TWork work, int rows, int columns, int threads)
        where TWork : struct, IColumnWork
    {
        int pieces = threads == 1 ? 1 : (int)Math.Clamp((long)rows * columns / LeastForThread, 1, Math.Min(threads, columns));
        if (pieces == 1)
        {
            work.Run(0, columns);
        }
        else
        {
            Workers.Run(pieces, threads, new Shared<TWork>(work, columns, pieces), static (shared, piece) => shared.Run(piece));
        }
    }

    private readonly struct Shared<TWork>(TWork work, int columns, int pieces)
        where TWork : struct, IColumnWork
    {
        public void Run(int piece)
        {
            int first = Start(piece);
            work.Run(first, Start(piece + 1) - first);
        }

        private int Start(int piece) => (int)((long)columns * piece / pieces);
    }
}
