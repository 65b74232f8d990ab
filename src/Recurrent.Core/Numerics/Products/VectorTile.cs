using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The innermost kernel of a product with one column: up to three panels of A at a time, against one vector.</summary>
/// <remarks>
/// One panel has three accumulators at most, and each must wait for its last multiply-add before the next: nine are enough to
/// hide that wait, and then reading A is the limit. The rule of rounding is that of
/// <see cref="Tile{TLane, TVector, TVectors, TColumns}"/>, and so are the bits.
/// </remarks>
/// <typeparam name="TLane">Arithmetic on a register.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TFirst">Registers of rows in the first panel: 2 or 3.</typeparam>
/// <typeparam name="TSecond">Registers of rows in the second panel: 2 or 3.</typeparam>
/// <typeparam name="TThird">Registers of rows in the third panel: 2 or 3, or 0 where there is none.</typeparam>
internal static unsafe class VectorTile<TLane, TVector, TFirst, TSecond, TThird>
    where TLane : ILane<TVector>
    where TVector : unmanaged
    where TFirst : ICount
    where TSecond : ICount
    where TThird : ICount
{
    /// <summary>c = start + A·b on the rows of the panels.</summary>
    /// <param name="a">The panels, one after the other.</param>
    /// <param name="b">The vector.</param>
    /// <param name="c">The result.</param>
    /// <param name="depth">Length of the vector.</param>
    /// <param name="lastCount">Rows of c under the last register: the others are neither read nor written.</param>
    /// <param name="start">What the sums start from.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(Real* a, Real* b, Real* c, nint depth, int lastCount, ProductStart start)
    {
        TVector p0 = default, p1 = default, p2 = default;
        TVector q0 = default, q1 = default, q2 = default;
        TVector r0 = default, r1 = default, r2 = default;
        Real* second = c + (TFirst.Value * TLane.Count);
        Real* third = second + (TSecond.Value * TLane.Count);
        Real* last = second + ((TSecond.Value + TThird.Value - 1) * TLane.Count);
        if (!start.IsZero)
        {
            Real* from = start.Column(0);
            Real* fromSecond = from + (second - c);
            Real* fromThird = from + (third - c);
            Real* fromLast = from + (last - c);
            TVector end = lastCount == TLane.Count ? TLane.Load(fromLast) : TLane.LoadPart(fromLast, lastCount);
            p0 = TLane.Load(from);
            p1 = TLane.Load(from + TLane.Count);
            p2 = TFirst.Value > 2 ? TLane.Load(from + (2 * TLane.Count)) : default;
            q0 = TLane.Load(fromSecond);
            q1 = TSecond.Value == 2 && TThird.Value == 0 ? end : TLane.Load(fromSecond + TLane.Count);
            q2 = TSecond.Value == 2 ? default : TThird.Value == 0 ? end : TLane.Load(fromSecond + (2 * TLane.Count));
            r0 = TThird.Value > 0 ? TLane.Load(fromThird) : default;
            r1 = TThird.Value == 2 ? end : TThird.Value > 2 ? TLane.Load(fromThird + TLane.Count) : default;
            r2 = TThird.Value > 2 ? end : default;
        }

        Real* p = a;
        Real* q = p + (depth * TFirst.Value * TLane.Count);
        Real* r = q + (depth * TSecond.Value * TLane.Count);
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLane.Broadcast(b[k]);
            p0 = TLane.MultiplyAdd(TLane.Load(p), x, p0);
            p1 = TLane.MultiplyAdd(TLane.Load(p + TLane.Count), x, p1);
            p2 = TFirst.Value > 2 ? TLane.MultiplyAdd(TLane.Load(p + (2 * TLane.Count)), x, p2) : p2;
            q0 = TLane.MultiplyAdd(TLane.Load(q), x, q0);
            q1 = TLane.MultiplyAdd(TLane.Load(q + TLane.Count), x, q1);
            q2 = TSecond.Value > 2 ? TLane.MultiplyAdd(TLane.Load(q + (2 * TLane.Count)), x, q2) : q2;
            r0 = TThird.Value > 0 ? TLane.MultiplyAdd(TLane.Load(r), x, r0) : r0;
            r1 = TThird.Value > 1 ? TLane.MultiplyAdd(TLane.Load(r + TLane.Count), x, r1) : r1;
            r2 = TThird.Value > 2 ? TLane.MultiplyAdd(TLane.Load(r + (2 * TLane.Count)), x, r2) : r2;
            p += TFirst.Value * TLane.Count;
            q += TSecond.Value * TLane.Count;
            r += TThird.Value * TLane.Count;
        }

        TLane.Store(c, p0);
        TLane.Store(c + TLane.Count, p1);
        if (TFirst.Value > 2)
        {
            TLane.Store(c + (2 * TLane.Count), p2);
        }

        TLane.Store(second, q0);
        if (TSecond.Value > 2 || TThird.Value > 0)
        {
            TLane.Store(second + TLane.Count, q1);
        }

        if (TSecond.Value > 2 && TThird.Value > 0)
        {
            TLane.Store(second + (2 * TLane.Count), q2);
        }

        if (TThird.Value > 0)
        {
            TLane.Store(third, r0);
        }

        if (TThird.Value > 2)
        {
            TLane.Store(third + TLane.Count, r1);
        }

        TVector lowest = TThird.Value > 2 ? r2 : TThird.Value > 0 ? r1 : TSecond.Value > 2 ? q2 : q1;
        if (lastCount == TLane.Count)
        {
            TLane.Store(last, lowest);
        }
        else
        {
            TLane.StorePart(last, lowest, lastCount);
        }
    }
}
