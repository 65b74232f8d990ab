using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The innermost kernel of a product with one column: up to three panels of A at a time, against one vector.</summary>
/// <remarks>
/// One panel has three accumulators at most, and each must wait for its last multiply-add before the next: nine are enough to hide
/// that wait, and then reading A is the limit. The rule of rounding is that of <see cref="Tile{TLane, TVector, TVectors, TColumns}"/>,
/// and so are the bits.
/// </remarks>
/// <typeparam name="TLane">Arithmetic on a register.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TFirst">Registers of rows in the first panel.</typeparam>
/// <typeparam name="TSecond">Registers of rows in the second panel.</typeparam>
/// <typeparam name="TThird">Registers of rows in the third panel; may be none.</typeparam>
internal static unsafe class VectorTile<TLane, TVector, TFirst, TSecond, TThird>
    where TLane : ILane<TVector>
    where TVector : unmanaged
    where TFirst : ICount
    where TSecond : ICount
    where TThird : ICount
{
    /// <summary>Registers of rows in all panels.</summary>
    public static int Registers => TFirst.Value + TSecond.Value + TThird.Value;

    /// <summary>c (+)= A·b on the rows of the panels.</summary>
    /// <param name="a">The panels, one after the other.</param>
    /// <param name="b">The vector.</param>
    /// <param name="c">The result.</param>
    /// <param name="depth">Length of the vector.</param>
    /// <param name="lastCount">Rows of c under the last register: the others are neither read nor written.</param>
    /// <param name="accumulate">Whether to start from c instead of zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(Real* a, Real* b, Real* c, nint depth, int lastCount, bool accumulate)
    {
        TVector p0 = default, p1 = default, p2 = default;
        TVector q0 = default, q1 = default, q2 = default;
        TVector r0 = default, r1 = default, r2 = default;
        if (accumulate)
        {
            p0 = Read(c, 0, lastCount);
            p1 = TFirst.Value > 1 ? Read(c, 1, lastCount) : default;
            p2 = TFirst.Value > 2 ? Read(c, 2, lastCount) : default;
            q0 = Read(c, TFirst.Value, lastCount);
            q1 = TSecond.Value > 1 ? Read(c, TFirst.Value + 1, lastCount) : default;
            q2 = TSecond.Value > 2 ? Read(c, TFirst.Value + 2, lastCount) : default;
            r0 = TThird.Value > 0 ? Read(c, TFirst.Value + TSecond.Value, lastCount) : default;
            r1 = TThird.Value > 1 ? Read(c, TFirst.Value + TSecond.Value + 1, lastCount) : default;
            r2 = TThird.Value > 2 ? Read(c, TFirst.Value + TSecond.Value + 2, lastCount) : default;
        }

        Real* p = a;
        Real* q = p + (depth * TFirst.Value * TLane.Count);
        Real* r = q + (depth * TSecond.Value * TLane.Count);
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLane.Broadcast(b[k]);
            p0 = TLane.MultiplyAdd(TLane.Load(p), x, p0);
            p1 = TFirst.Value > 1 ? TLane.MultiplyAdd(TLane.Load(p + TLane.Count), x, p1) : p1;
            p2 = TFirst.Value > 2 ? TLane.MultiplyAdd(TLane.Load(p + (2 * TLane.Count)), x, p2) : p2;
            q0 = TLane.MultiplyAdd(TLane.Load(q), x, q0);
            q1 = TSecond.Value > 1 ? TLane.MultiplyAdd(TLane.Load(q + TLane.Count), x, q1) : q1;
            q2 = TSecond.Value > 2 ? TLane.MultiplyAdd(TLane.Load(q + (2 * TLane.Count)), x, q2) : q2;
            r0 = TThird.Value > 0 ? TLane.MultiplyAdd(TLane.Load(r), x, r0) : r0;
            r1 = TThird.Value > 1 ? TLane.MultiplyAdd(TLane.Load(r + TLane.Count), x, r1) : r1;
            r2 = TThird.Value > 2 ? TLane.MultiplyAdd(TLane.Load(r + (2 * TLane.Count)), x, r2) : r2;
            p += TFirst.Value * TLane.Count;
            q += TSecond.Value * TLane.Count;
            r += TThird.Value * TLane.Count;
        }

        Write(c, 0, p0, lastCount);
        Write(c, TFirst.Value > 1 ? 1 : Registers, p1, lastCount);
        Write(c, TFirst.Value > 2 ? 2 : Registers, p2, lastCount);
        Write(c, TFirst.Value, q0, lastCount);
        Write(c, TSecond.Value > 1 ? TFirst.Value + 1 : Registers, q1, lastCount);
        Write(c, TSecond.Value > 2 ? TFirst.Value + 2 : Registers, q2, lastCount);
        Write(c, TThird.Value > 0 ? TFirst.Value + TSecond.Value : Registers, r0, lastCount);
        Write(c, TThird.Value > 1 ? TFirst.Value + TSecond.Value + 1 : Registers, r1, lastCount);
        Write(c, TThird.Value > 2 ? TFirst.Value + TSecond.Value + 2 : Registers, r2, lastCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Read(Real* c, int register, int lastCount) => register == Registers - 1 && lastCount != TLane.Count
        ? TLane.LoadPart(c + (register * TLane.Count), lastCount)
        : TLane.Load(c + (register * TLane.Count));

    /// <summary>Writes a register of rows; <see cref="Registers"/> stands for one that the panels do not have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Real* c, int register, TVector value, int lastCount)
    {
        if (register == Registers - 1 && lastCount != TLane.Count)
        {
            TLane.StorePart(c + (register * TLane.Count), value, lastCount);
        }
        else if (register < Registers)
        {
            TLane.Store(c + (register * TLane.Count), value);
        }
    }
}
