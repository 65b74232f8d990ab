using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>
/// The innermost kernel of every product: a tile of C of some registers of rows by some columns, kept in registers while a
/// panel of A streams past.
/// </summary>
/// <remarks>
/// <para>
/// Element (i, j) of the tile is one accumulator that takes <c>acc = a·b + acc</c> once per k, in ascending order, from zero,
/// from what C holds or from a bias. That is the whole rule of rounding, so the bits of an element depend neither on the width of
/// the registers nor on the shape of the tile, the blocking over k, the number of columns or the thread.
/// </para>
/// <para>
/// The accumulators are 24 local variables, not an array, because only locals live in registers. A tile of another shape is
/// the same code with the guards, constants to the JIT, cut away.
/// </para>
/// </remarks>
internal static unsafe class Tile<TLane, TVector, TVectors, TColumns>
    where TLane : ILane<TVector>
    where TVector : unmanaged
    where TVectors : ICount
    where TColumns : ICount
{
    /// <summary>C = start + A·B on one tile.</summary>
    /// <param name="a">Panel: for each k, the rows of the tile side by side.</param>
    /// <param name="b">Element (k, j) stands at <c>k·stepB + j·strideB</c>.</param>
    /// <param name="c">Element (i, j) stands at <c>i + j·strideC</c>.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="stepB">Distance of the rows of B.</param>
    /// <param name="strideB">Distance of the columns of B.</param>
    /// <param name="strideC">Distance of the columns of C.</param>
    /// <param name="lastCount">Rows of C under the last register: the others are neither read nor written.</param>
    /// <param name="start">What the sums start from.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        Real* a, Real* b, Real* c, nint depth, nint stepB, nint strideB, nint strideC, int lastCount, ProductStart start)
    {
        TVector c00 = default, c10 = default, c20 = default;
        TVector c01 = default, c11 = default, c21 = default;
        TVector c02 = default, c12 = default, c22 = default;
        TVector c03 = default, c13 = default, c23 = default;
        TVector c04 = default, c14 = default, c24 = default;
        TVector c05 = default, c15 = default, c25 = default;
        TVector c06 = default, c16 = default, c26 = default;
        TVector c07 = default, c17 = default, c27 = default;
        if (!start.IsZero)
        {
            Read(start.Column(0), lastCount, out c00, out c10, out c20);

            if (TColumns.Value > 1)
            {
                Read(start.Column(1), lastCount, out c01, out c11, out c21);
            }

            if (TColumns.Value > 2)
            {
                Read(start.Column(2), lastCount, out c02, out c12, out c22);
            }

            if (TColumns.Value > 3)
            {
                Read(start.Column(3), lastCount, out c03, out c13, out c23);
            }

            if (TColumns.Value > 4)
            {
                Read(start.Column(4), lastCount, out c04, out c14, out c24);
            }

            if (TColumns.Value > 5)
            {
                Read(start.Column(5), lastCount, out c05, out c15, out c25);
            }

            if (TColumns.Value > 6)
            {
                Read(start.Column(6), lastCount, out c06, out c16, out c26);
            }

            if (TColumns.Value > 7)
            {
                Read(start.Column(7), lastCount, out c07, out c17, out c27);
            }
        }

        Real* b0 = b + (0 * strideB);
        Real* b1 = b + (1 * strideB);
        Real* b2 = b + (2 * strideB);
        Real* b3 = b + (3 * strideB);
        Real* b4 = b + (4 * strideB);
        Real* b5 = b + (5 * strideB);
        Real* b6 = b + (6 * strideB);
        Real* b7 = b + (7 * strideB);
        nint end = depth * stepB;
        for (nint k = 0; k != end; k += stepB)
        {
            TVector a0 = TLane.Load(a);
            TVector a1 = TVectors.Value > 1 ? TLane.Load(a + TLane.Count) : default;
            TVector a2 = TVectors.Value > 2 ? TLane.Load(a + (2 * TLane.Count)) : default;
            a += TVectors.Value * TLane.Count;

            TVector x0 = TLane.Broadcast(b0[k]);
            c00 = TLane.MultiplyAdd(a0, x0, c00);
            c10 = TVectors.Value > 1 ? TLane.MultiplyAdd(a1, x0, c10) : c10;
            c20 = TVectors.Value > 2 ? TLane.MultiplyAdd(a2, x0, c20) : c20;

            if (TColumns.Value > 1)
            {
                TVector x1 = TLane.Broadcast(b1[k]);
                c01 = TLane.MultiplyAdd(a0, x1, c01);
                c11 = TVectors.Value > 1 ? TLane.MultiplyAdd(a1, x1, c11) : c11;
                c21 = TVectors.Value > 2 ? TLane.MultiplyAdd(a2, x1, c21) : c21;
            }

            if (TColumns.Value > 2)
            {
                TVector x2 = TLane.Broadcast(b2[k]);
                c02 = TLane.MultiplyAdd(a0, x2, c02);
                c12 = TVectors.Value > 1 ? TLane.MultiplyAdd(a1, x2, c12) : c12;
                c22 = TVectors.Value > 2 ? TLane.MultiplyAdd(a2, x2, c22) : c22;
            }

            if (TColumns.Value > 3)
            {
                TVector x3 = TLane.Broadcast(b3[k]);
                c03 = TLane.MultiplyAdd(a0, x3, c03);
                c13 = TVectors.Value > 1 ? TLane.MultiplyAdd(a1, x3, c13) : c13;
                c23 = TVectors.Value > 2 ? TLane.MultiplyAdd(a2, x3, c23) : c23;
            }

            if (TColumns.Value > 4)
            {
                TVector x4 = TLane.Broadcast(b4[k]);
                c04 = TLane.MultiplyAdd(a0, x4, c04);
                c14 = TVectors.Value > 1 ? TLane.MultiplyAdd(a1, x4, c14) : c14;
                c24 = TVectors.Value > 2 ? TLane.MultiplyAdd(a2, x4, c24) : c24;
            }

            if (TColumns.Value > 5)
            {
                TVector x5 = TLane.Broadcast(b5[k]);
                c05 = TLane.MultiplyAdd(a0, x5, c05);
                c15 = TVectors.Value > 1 ? TLane.MultiplyAdd(a1, x5, c15) : c15;
                c25 = TVectors.Value > 2 ? TLane.MultiplyAdd(a2, x5, c25) : c25;
            }

            if (TColumns.Value > 6)
            {
                TVector x6 = TLane.Broadcast(b6[k]);
                c06 = TLane.MultiplyAdd(a0, x6, c06);
                c16 = TVectors.Value > 1 ? TLane.MultiplyAdd(a1, x6, c16) : c16;
                c26 = TVectors.Value > 2 ? TLane.MultiplyAdd(a2, x6, c26) : c26;
            }

            if (TColumns.Value > 7)
            {
                TVector x7 = TLane.Broadcast(b7[k]);
                c07 = TLane.MultiplyAdd(a0, x7, c07);
                c17 = TVectors.Value > 1 ? TLane.MultiplyAdd(a1, x7, c17) : c17;
                c27 = TVectors.Value > 2 ? TLane.MultiplyAdd(a2, x7, c27) : c27;
            }
        }

        Write(c + (0 * strideC), lastCount, c00, c10, c20);

        if (TColumns.Value > 1)
        {
            Write(c + (1 * strideC), lastCount, c01, c11, c21);
        }

        if (TColumns.Value > 2)
        {
            Write(c + (2 * strideC), lastCount, c02, c12, c22);
        }

        if (TColumns.Value > 3)
        {
            Write(c + (3 * strideC), lastCount, c03, c13, c23);
        }

        if (TColumns.Value > 4)
        {
            Write(c + (4 * strideC), lastCount, c04, c14, c24);
        }

        if (TColumns.Value > 5)
        {
            Write(c + (5 * strideC), lastCount, c05, c15, c25);
        }

        if (TColumns.Value > 6)
        {
            Write(c + (6 * strideC), lastCount, c06, c16, c26);
        }

        if (TColumns.Value > 7)
        {
            Write(c + (7 * strideC), lastCount, c07, c17, c27);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read(Real* from, int lastCount, out TVector c0, out TVector c1, out TVector c2)
    {
        int last = (TVectors.Value - 1) * TLane.Count;
        TVector end = lastCount == TLane.Count ? TLane.Load(from + last) : TLane.LoadPart(from + last, lastCount);
        c0 = TVectors.Value == 1 ? end : TLane.Load(from);
        c1 = TVectors.Value == 2 ? end : TVectors.Value > 2 ? TLane.Load(from + TLane.Count) : default;
        c2 = TVectors.Value == 3 ? end : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Real* c, int lastCount, TVector c0, TVector c1, TVector c2)
    {
        if (TVectors.Value > 1)
        {
            TLane.Store(c, c0);
        }

        if (TVectors.Value > 2)
        {
            TLane.Store(c + TLane.Count, c1);
        }

        TVector end = TVectors.Value == 1 ? c0 : TVectors.Value == 2 ? c1 : c2;
        Real* last = c + ((TVectors.Value - 1) * TLane.Count);
        if (lastCount == TLane.Count)
        {
            TLane.Store(last, end);
        }
        else
        {
            TLane.StorePart(last, end, lastCount);
        }
    }
}
