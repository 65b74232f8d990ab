namespace Recurrent.Numerics;

/// <summary>The functions of <see cref="VectorMath"/>, one number at a time: what the tests hold the kernels to.</summary>
/// <remarks>
/// The formulas are those of the kernels, and multiply-add rounds where theirs does, so the two agree bit for bit. The constants
/// are written out again, not shared: a slip in one of the two shows.
/// </remarks>
internal static class NaiveFunctions
{
#if FLOAT64
    private const Real Rounder = 6755399441055744 + 1023;
    private const Real LowestExp = -746;
    private const Real HighestExp = 710;
    private const Real LowestNormal = -709;
    private const Real Ln2High = 0.6931471803691238;
    private const Real Ln2Low = 1.9082149292705877e-10;
    private const int LowestExponent = -1022;
    private const int LastOfArtanh = 33;
#else
    private const Real Rounder = 12582912 + 127;
    private const Real LowestExp = -104;
    private const Real HighestExp = 89;
    private const Real LowestNormal = -88;
    private const Real Ln2High = 0.693359375f;
    private const Real Ln2Low = -2.1219444005469057e-4f;
    private const int LowestExponent = -126;
    private const int LastOfArtanh = 15;
#endif
    private const Real Log2E = (Real)1.4426950408889634;

    // q in eʳ - 1 = r + r²·q(r), highest power first.
    private static ReadOnlySpan<Real> ExpSeries =>
    [
#if FLOAT64
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
        1.0 / 720, 1.0 / 120,
        1.0 / 24, 1.0 / 6, 0.5,
#else
        0.001392632561814429f, 0.008363292753028658f, 0.04166655376256732f, 0.16666576305560657f, 0.5f,
#endif
    ];

    /// <summary>See <see cref="VectorMath.FlushTiny"/>.</summary>
    public static Real FlushTiny(Real x) => RealMath.Abs(x) < FlushTinyFunction.Tiny ? 0 : x;

    /// <summary>See <see cref="VectorMath.Exp"/>.</summary>
    public static Real Exp(Real x)
    {
        Real y = x < LowestExp ? LowestExp : x > HighestExp ? HighestExp : x;
        Real n = Rounded(y, Log2E);
        Real half = Rounded(n, (Real)0.5);
        return Scaled(half, Remainder(y, n)) * PowerOfTwo(n - half);
    }

    /// <summary>See <see cref="VectorMath.Sigmoid"/>.</summary>
    public static Real Sigmoid(Real x)
    {
        Real y = -RealMath.Abs(x);
        y = y < LowestNormal ? LowestNormal : y;
        Real n = Rounded(y, Log2E);
        Real e = Scaled(n, Remainder(y, n));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// <summary>See <see cref="VectorMath.LogSigmoid"/>.</summary>
    public static Real LogSigmoid(Real x)
    {
        Real e = Exp(-RealMath.Abs(x));
        Real s = e / (2 + e);
        Real square = s * s;
        Real series = (Real)1 / LastOfArtanh;
        for (int k = LastOfArtanh - 2; k >= 3; k -= 2)
        {
            series = MultiplyAdd(series, square, (Real)1 / k);
        }

        Real log = MultiplyAdd(2 * s * square, series, 2 * s);
        return (x > 0 ? 0 : x) - log;
    }

    /// <summary>See <see cref="VectorMath.Tanh"/>.</summary>
    public static Real Tanh(Real x)
    {
        Real y = -2 * RealMath.Abs(x);
        y = y < LowestNormal ? LowestNormal : y;
        Real n = Rounded(y, Log2E);
        Real scale = PowerOfTwo(n);
        Real m = MultiplyAdd(scale, ExpMinusOne(Remainder(y, n)), scale - 1);
        return RealMath.CopySign(m / (2 + m), x);
    }

    /// <summary>2ⁿ·eʳ.</summary>
    private static Real Scaled(Real n, Real r) => MultiplyAdd(PowerOfTwo(n), ExpMinusOne(r), PowerOfTwo(n));

    private static Real ExpMinusOne(Real r)
    {
        Real q = ExpSeries[0];
        foreach (Real coefficient in ExpSeries[1..])
        {
            q = MultiplyAdd(q, r, coefficient);
        }

        return MultiplyAdd(r * r, q, r);
    }

    /// <summary>y - n·ln 2.</summary>
    private static Real Remainder(Real y, Real n) => MultiplyAdd(n, -Ln2Low, MultiplyAdd(n, -Ln2High, y));

    /// <summary>x·y, rounded to an integer by the last place of a large sum.</summary>
    private static Real Rounded(Real x, Real y) => MultiplyAdd(x, y, Rounder) - Rounder;

    /// <summary>2ⁿ, and zero where that is no normal number.</summary>
    private static Real PowerOfTwo(Real n) => n < LowestExponent ? 0 : RealMath.ScaleB(1, (int)n);

    private static Real MultiplyAdd(Real x, Real y, Real z) => Real.MultiplyAddEstimate(x, y, z);
}
