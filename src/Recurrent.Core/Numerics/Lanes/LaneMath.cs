using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>Exponential, logistic function, its logarithm and hyperbolic tangent of a register of values.</summary>
/// <remarks>
/// All rest on one reduction, y = n·ln 2 + r with |r| ≤ ½ ln 2, and one polynomial, q in eʳ - 1 = r + r²·q(r). They take
/// no branch: limits that the hardware's minimum and maximum put on the argument (NaN passes through) make the
/// saturated ends come out exact by themselves. Error bounds stand at <see cref="VectorMath"/>.
/// </remarks>
internal static class LaneMath<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
#if FLOAT64
    // Adding this rounds to an integer, whose low bits, biased like an exponent, are then the low bits of the sum.
    private const Real Rounder = 6755399441055744 + 1023;
    private const Real LowestExp = -746;
    private const Real HighestExp = 710;

    // Below it 2ⁿ is flushed to zero: n = -1023 is the bit pattern of 0.
    private const Real LowestNormal = -709;

    // ln 2 in two parts, the first short enough for n·High to be exact.
    private const Real Ln2High = 0.6931471803691238;
    private const Real Ln2Low = 1.9082149292705877e-10;
#else
    // Adding this rounds to an integer, whose low bits, biased like an exponent, are then the low bits of the sum.
    private const Real Rounder = 12582912 + 127;
    private const Real LowestExp = -104;
    private const Real HighestExp = 89;

    // Below it 2ⁿ is flushed to zero: n = -127 is the bit pattern of 0.
    private const Real LowestNormal = -88;

    // ln 2 in two parts, the first short enough for n·High to be exact.
    private const Real Ln2High = 0.693359375f;
    private const Real Ln2Low = -2.1219444005469057e-4f;
#endif
    private const Real Log2E = (Real)1.4426950408889634;

    /// <summary>eˣ, down to the smallest denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        TVector y = TLane.Min(TLane.Broadcast(HighestExp), TLane.Max(TLane.Broadcast(LowestExp), x));
        TVector rounder = TLane.Broadcast(Rounder);
        TVector n = TLane.Subtract(TLane.MultiplyAdd(y, TLane.Broadcast(Log2E), rounder), rounder);
        TVector p = ExpMinusOne(Remainder(y, n));

        // Half of n at a time, because 2ⁿ itself may be no normal number where eˣ is one, or is a denormal.
        TVector half = TLane.MultiplyAdd(n, TLane.Broadcast((Real)0.5), rounder);
        TVector rest = TLane.Add(TLane.Subtract(n, TLane.Subtract(half, rounder)), rounder);
        TVector scale = TLane.ShiftToExponent(half);
        return TLane.Multiply(TLane.MultiplyAdd(scale, p, scale), TLane.ShiftToExponent(rest));
    }

    /// <summary>eˣ for x ≤ 0, and 0 where it would be a denormal number: a third less work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfNegative(TVector x)
    {
        TVector p = ReducedExp(TLane.Max(TLane.Broadcast(LowestNormal), x), out TVector scale);
        return TLane.MultiplyAdd(scale, p, scale);
    }

    /// <summary>1/(1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        // With e = exp(-|x|) it is e/(1 + e) on the left and 1/(1 + e) on the right: no overflow, no cancellation.
        TVector y = TLane.Max(TLane.Broadcast(LowestNormal), TLane.NegativeAbs(x));
        TVector p = ReducedExp(y, out TVector scale);
        TVector e = TLane.MultiplyAdd(scale, p, scale);
        TVector one = TLane.Broadcast(1);
        return TLane.Divide(TLane.SelectNegative(x, e, one), TLane.Add(one, e));
    }

    /// <summary>log 1/(1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogSigmoid(TVector x)
    {
        // With e = exp(-|x|) it is min(x, 0) - log(1 + e), and log(1 + e) = 2·artanh s, s = e/(2 + e) ≤ ⅓: no cancellation for
        // small e.
        TVector e = Exp(TLane.NegativeAbs(x));
        TVector s = TLane.Divide(e, TLane.Add(TLane.Broadcast(2), e));
        TVector square = TLane.Multiply(s, s);
        TVector doubled = TLane.Add(s, s);
        TVector log = TLane.MultiplyAdd(TLane.Multiply(doubled, square), ArtanhSeries(square), doubled);
        return TLane.Subtract(TLane.Min(TLane.Broadcast(0), x), log);
    }

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        // With m = exp(-2|x|) - 1, found without cancellation, |tanh x| = -m/(2 + m).
        TVector y = TLane.NegativeAbs(x);
        y = TLane.Max(TLane.Broadcast(LowestNormal), TLane.Add(y, y));
        TVector p = ReducedExp(y, out TVector scale);
        TVector m = TLane.MultiplyAdd(scale, p, TLane.Subtract(scale, TLane.Broadcast(1)));
        return TLane.CopySign(TLane.Divide(m, TLane.Add(TLane.Broadcast(2), m)), x);
    }

    /// <summary>1 - eˣ for x ≤ 0, without the cancellation of small x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OneMinusExp(TVector x)
    {
        TVector p = ReducedExp(TLane.Max(TLane.Broadcast(LowestNormal), x), out TVector scale);
        return TLane.Subtract(TLane.Subtract(TLane.Broadcast(1), scale), TLane.Multiply(scale, p));
    }

    /// <summary>p and 2ⁿ such that eʸ = 2ⁿ·(1 + p), for y ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ReducedExp(TVector y, out TVector scale)
    {
        TVector rounder = TLane.Broadcast(Rounder);
        TVector rounded = TLane.MultiplyAdd(y, TLane.Broadcast(Log2E), rounder);
        scale = TLane.ShiftToExponent(rounded);
        return ExpMinusOne(Remainder(y, TLane.Subtract(rounded, rounder)));
    }

    /// <summary>y - n·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Remainder(TVector y, TVector n) =>
        TLane.MultiplyAdd(n, TLane.Broadcast(-Ln2Low), TLane.MultiplyAdd(n, TLane.Broadcast(-Ln2High), y));

    /// <summary>eʳ - 1 for |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpMinusOne(TVector r)
    {
#if FLOAT64
        TVector q = TLane.Broadcast(1.0 / 6227020800);
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 479001600));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 39916800));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 3628800));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 362880));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 40320));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 5040));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 720));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 120));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 24));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(1.0 / 6));
#else
        // Interpolates q at the Chebyshev nodes of the interval; eʳ is off by 2⁻²⁵ at most before rounding.
        TVector q = TLane.Broadcast(0.001392632561814429f);
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(0.008363292753028658f));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(0.04166655376256732f));
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast(0.16666576305560657f));
#endif
        q = TLane.MultiplyAdd(q, r, TLane.Broadcast((Real)0.5));
        return TLane.MultiplyAdd(TLane.Multiply(r, r), q, r);
    }

    /// <summary>q in artanh s = s + s³·q(s²), q = 1/3 + s²/5 + s⁴/7 + …, for s² ≤ 1/9: as many terms as count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ArtanhSeries(TVector square)
    {
#if FLOAT64
        TVector series = TLane.Broadcast((Real)1 / 33);
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 31));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 29));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 27));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 25));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 23));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 21));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 19));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 17));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 15));
#else
        TVector series = TLane.Broadcast((Real)1 / 15);
#endif
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 13));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 11));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 9));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 7));
        series = TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 5));
        return TLane.MultiplyAdd(series, square, TLane.Broadcast((Real)1 / 3));
    }
}
