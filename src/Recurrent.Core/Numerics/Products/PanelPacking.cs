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
}
