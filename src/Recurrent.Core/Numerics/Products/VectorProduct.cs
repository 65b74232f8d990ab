namespace Recurrent.Numerics;

/// <summary>c = start + A·b with A in panels: a product with one column, as a single sequence needs it at every step.</summary>
internal static unsafe class VectorProduct<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    /// <summary>c = start + A·b.</summary>
    /// <param name="a">Panels of <paramref name="rows"/> × <paramref name="depth"/>.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="depth">Columns of A.</param>
    /// <param name="b">The vector.</param>
    /// <param name="c">The result.</param>
    /// <param name="start">What the sums start from.</param>
    public static void Run(Real* a, int rows, int depth, Real* b, Real* c, ProductStart start)
    {
        int left = Panels.Padded(rows, TLane.Count) / TLane.Count;
        while (left > 0)
        {
            int lastCount = Math.Min(TLane.Count, rows - ((left - 1) * TLane.Count));
            int taken = RunSome(left, a, b, c, depth, lastCount, start);
            int height = taken * TLane.Count;
            a += (nint)height * depth;
            c += height;
            start = start.At(height, 0);
            rows -= height;
            left -= taken;
        }
    }

    /// <summary>Takes the next panels; how many registers they have follows from how many are left
    /// (<see cref="Panels.NextVectors"/>).</summary>
    /// <returns>Registers of rows taken.</returns>
    private static int RunSome(int left, Real* a, Real* b, Real* c, int depth, int lastCount, ProductStart start)
    {
        // Only the last panels of all end in a register that is not full.
        switch (left)
        {
            case 1:
            case 2:
            case 3:
                TileShapes<TLane, TVector>.Run(left, 1, a, b, c, depth, 1, 0, 0, lastCount, start);
                return left;
            case 4:
                VectorTile<TLane, TVector, Two, Two, Zero>.Run(a, b, c, depth, lastCount, start);
                return 4;
            case 5:
                VectorTile<TLane, TVector, Three, Two, Zero>.Run(a, b, c, depth, lastCount, start);
                return 5;
            case 6:
                VectorTile<TLane, TVector, Three, Three, Zero>.Run(a, b, c, depth, lastCount, start);
                return 6;
            case 7:
                VectorTile<TLane, TVector, Three, Two, Two>.Run(a, b, c, depth, lastCount, start);
                return 7;
            case 8:
                VectorTile<TLane, TVector, Three, Three, Two>.Run(a, b, c, depth, lastCount, start);
                return 8;
            case 9:
                VectorTile<TLane, TVector, Three, Three, Three>.Run(a, b, c, depth, lastCount, start);
                return 9;
            case 10:
                VectorTile<TLane, TVector, Three, Three, Zero>.Run(a, b, c, depth, TLane.Count, start);
                return 6;
            default:
                VectorTile<TLane, TVector, Three, Three, Three>.Run(a, b, c, depth, TLane.Count, start);
                return 9;
        }
    }
}
