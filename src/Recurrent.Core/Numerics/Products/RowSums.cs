using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>Sums over the columns of a matrix: memory is read once, front to back, and the sums stay in cache.</summary>
internal static unsafe class RowSums<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    /// <summary>sums += Σ over the columns, in ascending order.</summary>
    /// <param name="a">Column after column.</param>
    /// <param name="rows">Rows, also the distance of the columns.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="sums">One sum per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Real* a, int rows, int columns, Real* sums)
    {
        int column = 0;
        for (; column <= columns - 4; column += 4)
        {
            AddFour(a, rows, sums);
            a += 4 * (nint)rows;
        }

        for (; column < columns; column++)
        {
            AddOne(a, rows, sums);
            a += rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(Real* a, nint rows, Real* sums)
    {
        nint row = 0;
        for (; row <= rows - TLane.Count; row += TLane.Count)
        {
            Real* x = a + row;
            TVector sum = TLane.Add(TLane.Load(sums + row), TLane.Load(x));
            sum = TLane.Add(sum, TLane.Load(x + rows));
            sum = TLane.Add(sum, TLane.Load(x + (2 * rows)));
            TLane.Store(sums + row, TLane.Add(sum, TLane.Load(x + (3 * rows))));
        }

        for (; row < rows; row++)
        {
            Real* x = a + row;
            sums[row] = sums[row] + x[0] + x[rows] + x[2 * rows] + x[3 * rows];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOne(Real* a, nint rows, Real* sums)
    {
        nint row = 0;
        for (; row <= rows - TLane.Count; row += TLane.Count)
        {
            TLane.Store(sums + row, TLane.Add(TLane.Load(sums + row), TLane.Load(a + row)));
        }

        for (; row < rows; row++)
        {
            sums[row] += a[row];
        }
    }
}
