namespace Recurrent.Numerics;

/// <summary>c (+)= A·b with A in panels: a product with one column, as a single sequence needs it at every step.</summary>
internal static unsafe class VectorProduct<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    /// <summary>c (+)= A·b.</summary>
    /// <param name="a">Panels of <paramref name="rows"/> × <paramref name="depth"/>.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="depth">Columns of A.</param>
    /// <param name="b">The vector.</param>
    /// <param name="c">The result.</param>
    /// <param name="accumulate">Whether to start from c instead of zero.</param>
    public static void Run(Real* a, int rows, int depth, Real* b, Real* c, bool accumulate)
    {
        int left = Panels.Padded(rows, TLane.Count) / TLane.Count;
        while (left > 0)
        {
            int lastCount = Math.Min(TLane.Count, rows - ((left - 1) * TLane.Count));
            int taken = RunSome(left, a, b, c, depth, lastCount, accumulate);
            int height = taken * TLane.Count;
            a += (nint)height * depth;
            c += height;
            rows -= height;
            left -= taken;
        }
    }

    /// <summary>Takes the next panels; how many registers they have follows from how many are left (<see cref="Panels.NextVectors"/>).</summary>
    /// <returns>Registers of rows taken.</returns>
    private static int RunSome(int left, Real* a, Real* b, Real* c, int depth, int lastCount, bool accumulate)
    {
        // Only the last panels of all end in a register that is not full.
        switch (left)
        {
            case 1:
            case 2:
            case 3:
                TileShapes<TLane, TVector>.Run(left, 1, a, b, c, depth, 1, 0, 0, lastCount, accumulate);
                return left;
            case 4:
                VectorTile<TLane, TVector, Two, Two, Zero>.Run(a, b, c, depth, lastCount, accumulate);
                return 4;
            case 5:
                VectorTile<TLane, TVector, Three, Two, Zero>.Run(a, b, c, depth, lastCount, accumulate);
                return 5;
            case 6:
                VectorTile<TLane, TVector, Three, Three, Zero>.Run(a, b, c, depth, lastCount, accumulate);
                return 6;
            case 7:
                VectorTile<TLane, TVector, Three, Two, Two>.Run(a, b, c, depth, lastCount, accumulate);
                return 7;
            case 8:
                VectorTile<TLane, TVector, Three, Three, Two>.Run(a, b, c, depth, lastCount, accumulate);
                return 8;
            case 9:
                VectorTile<TLane, TVector, Three, Three, Three>.Run(a, b, c, depth, lastCount, accumulate);
                return 9;
            case 10:
                VectorTile<TLane, TVector, Three, Three, Zero>.Run(a, b, c, depth, TLane.Count, accumulate);
                return 6;
            default:
                VectorTile<TLane, TVector, Three, Three, Three>.Run(a, b, c, depth, TLane.Count, accumulate);
                return 9;
        }
    }
}
