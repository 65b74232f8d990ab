using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>Copies left operands into the layout of <see cref="Panels"/>.</summary>
internal static unsafe class PanelPacking<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    /// <summary>Copies one panel whose rows are adjacent in the source.</summary>
    /// <param name="a">First row of the panel; column after column, <paramref name="strideA"/> apart.</param>
    /// <param name="strideA">Distance of the columns.</param>
    /// <param name="vectors">Registers of rows.</param>
    /// <param name="lastCount">Rows in the last register; what is missing becomes zero.</param>
    /// <param name="depth">Columns.</param>
    /// <param name="panel">Where to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(Real* a, nint strideA, int vectors, int lastCount, int depth, Real* panel)
    {
        int before = vectors - 1;
        for (int k = 0; k < depth; k++)
        {
            for (int v = 0; v < before; v++)
            {
                TLane.Store(panel + (v * TLane.Count), TLane.Load(a + (v * TLane.Count)));
            }

            Real* last = a + (before * TLane.Count);
            TVector end = lastCount == TLane.Count ? TLane.Load(last) : TLane.LoadPart(last, lastCount);
            TLane.Store(panel + (before * TLane.Count), end);
            a += strideA;
            panel += vectors * TLane.Count;
        }
    }

    /// <summary>Copies one panel whose rows are columns of the source.</summary>
    /// <param name="a">First column of the source that becomes a row of the panel.</param>
    /// <param name="strideA">Distance of the columns.</param>
    /// <param name="vectors">Registers of rows.</param>
    /// <param name="rows">Rows; what is missing in the last register stays as it is.</param>
    /// <param name="depth">Columns.</param>
    /// <param name="panel">Where to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyTransposed(Real* a, nint strideA, int vectors, int rows, int depth, Real* panel)
    {
        nint height = vectors * TLane.Count;
        int row = 0;

        // Four source columns at a time: each is read from front to back.
        for (; row <= rows - 4; row += 4)
        {
            Real* first = a;
            Real* second = first + strideA;
            Real* third = second + strideA;
            Real* fourth = third + strideA;
            Real* to = panel + row;
            for (nint k = 0; k < depth; k++)
            {
                to[0] = first[k];
                to[1] = second[k];
                to[2] = third[k];
                to[3] = fourth[k];
                to += height;
            }

            a = fourth + strideA;
        }

        for (; row < rows; row++)
        {
            for (nint k = 0; k < depth; k++)
            {
                panel[row + (k * height)] = a[k];
            }

            a += strideA;
        }
    }
}
