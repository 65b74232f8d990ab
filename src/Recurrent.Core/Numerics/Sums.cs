using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Recurrent.Numerics;

/// <summary>Sums over a span, in double precision and in one order on every machine.</summary>
/// <remarks>
/// Value i belongs to partial sum i mod 16; partial sums are then added in halves: 8 pairs, 4, 2, 1. The order follows from the
/// length alone and never from the width of a register, products are rounded before they are added, and those of floats are
/// exact. So the bits are the same with any instruction set, and no sum of squares of floats leaves the range.
/// </remarks>
internal static class Sums
{
    private const int Lanes = 16;

    /// <summary>Σ x.</summary>
    /// <typeparam name="T">Float or double.</typeparam>
    /// <param name="x">The values.</param>
    public static double Of<T>(ReadOnlySpan<T> x)
        where T : unmanaged => Run<T, Plain>(x, x, 0);

    /// <summary>Σ |x|.</summary>
    /// <typeparam name="T">Float or double.</typeparam>
    /// <param name="x">The values.</param>
    public static double OfMagnitudes<T>(ReadOnlySpan<T> x)
        where T : unmanaged => Run<T, Magnitude>(x, x, 0);

    /// <summary>Σ x².</summary>
    /// <typeparam name="T">Float or double.</typeparam>
    /// <param name="x">The values.</param>
    public static double OfSquares<T>(ReadOnlySpan<T> x)
        where T : unmanaged => Run<T, Square>(x, x, 0);

    /// <summary>Σ (x − c)².</summary>
    /// <typeparam name="T">Float or double.</typeparam>
    /// <param name="x">The values.</param>
    /// <param name="centre">c.</param>
    public static double OfSquaredDeviations<T>(ReadOnlySpan<T> x, double centre)
        where T : unmanaged => Run<T, SquaredDeviation>(x, x, centre);

    /// <summary>Σ x∘y.</summary>
    /// <typeparam name="T">Float or double.</typeparam>
    /// <param name="x">Left factors.</param>
    /// <param name="y">Right factors, as many.</param>
    public static double OfProducts<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged => Run<T, Product>(x, y, 0);

    /// <summary>√Σ x², also where squares of doubles would overflow or vanish. Infinite or no number only where a value
    /// is.</summary>
    /// <typeparam name="T">Float or double.</typeparam>
    /// <param name="x">The values.</param>
    public static double Norm<T>(ReadOnlySpan<T> x)
        where T : unmanaged
    {
        double unit = Unit(x);
        if (unit == 1)
        {
            return Math.Sqrt(OfSquares(x));
        }

        double sum = 0;
        foreach (T value in x)
        {
            double share = Wide.Double(value) / unit;
            sum += share * share;
        }

        return unit * Math.Sqrt(sum);
    }

    /// <summary>What to divide values by so that their squares neither overflow nor vanish: 1, or a power of two where doubles
    /// need one.</summary>
    /// <typeparam name="T">Float or double.</typeparam>
    /// <param name="x">The values.</param>
    public static double Unit<T>(ReadOnlySpan<T> x)
        where T : unmanaged
    {
        // Squares of floats are far inside the range of doubles.
        if (typeof(T) == typeof(float))
        {
            return 1;
        }

        double most = 0;
        foreach (T value in x)
        {
            most = Math.Max(most, Math.Abs(Wide.Double(value)));
        }

        return most is (> 0 and < 1e-140) or (> 1e140 and <= double.MaxValue) ? Math.ScaleB(1, Math.Max(Math.ILogB(most), -1022))
            : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Run<T, TTerm>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, double centre)
        where T : unmanaged
        where TTerm : struct, ITerm
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ref T a = ref MemoryMarshal.GetReference(x);
        ref T b = ref MemoryMarshal.GetReference(y);
        var c = Vector256.Create(centre);
        Vector256<double> first = default;
        Vector256<double> second = default;
        Vector256<double> third = default;
        Vector256<double> fourth = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Vector256<double> x1, Vector256<double> x2) = Wide.Load(ref Unsafe.Add(ref a, i));
            (Vector256<double> x3, Vector256<double> x4) = Wide.Load(ref Unsafe.Add(ref a, i + Wide.Count));
            (Vector256<double> y1, Vector256<double> y2) = TTerm.TakesTwo ? Wide.Load(ref Unsafe.Add(ref b, i)) : default;
            (Vector256<double> y3, Vector256<double> y4) = TTerm.TakesTwo ? Wide.Load(ref Unsafe.Add(ref b, i + Wide.Count))
                : default;
            first += TTerm.Of(x1, y1, c);
            second += TTerm.Of(x2, y2, c);
            third += TTerm.Of(x3, y3, c);
            fourth += TTerm.Of(x4, y4, c);
        }

        if (i < x.Length)
        {
            Span<double> lanes = stackalloc double[Lanes];
            first.CopyTo(lanes);
            second.CopyTo(lanes[4..]);
            third.CopyTo(lanes[8..]);
            fourth.CopyTo(lanes[12..]);
            for (int lane = 0; i < x.Length; lane++, i++)
            {
                lanes[lane] += TTerm.Of(Wide.Double(Unsafe.Add(ref a, i)), Wide.Double(Unsafe.Add(ref b, i)), centre);
            }

            first = Vector256.Create<double>(lanes);
            second = Vector256.Create<double>(lanes[4..]);
            third = Vector256.Create<double>(lanes[8..]);
            fourth = Vector256.Create<double>(lanes[12..]);
        }

        Vector256<double> four = first + third + (second + fourth);
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    /// <summary>What is summed.</summary>
    private interface ITerm
    {
        static abstract bool TakesTwo { get; }

        static abstract Vector256<double> Of(Vector256<double> x, Vector256<double> y, Vector256<double> centre);

        static abstract double Of(double x, double y, double centre);
    }

    private readonly struct Plain : ITerm
    {
        public static bool TakesTwo => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y, Vector256<double> centre) => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Of(double x, double y, double centre) => x;
    }

    private readonly struct Magnitude : ITerm
    {
        public static bool TakesTwo => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y, Vector256<double> centre) =>
            Vector256.Abs(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Of(double x, double y, double centre) => Math.Abs(x);
    }

    private readonly struct Square : ITerm
    {
        public static bool TakesTwo => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y, Vector256<double> centre) => x * x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Of(double x, double y, double centre) => x * x;
    }

    private readonly struct SquaredDeviation : ITerm
    {
        public static bool TakesTwo => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y, Vector256<double> centre)
        {
            Vector256<double> deviation = x - centre;
            return deviation * deviation;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Of(double x, double y, double centre) => (x - centre) * (x - centre);
    }

    private readonly struct Product : ITerm
    {
        public static bool TakesTwo => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y, Vector256<double> centre) => x * y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double Of(double x, double y, double centre) => x * y;
    }
}
