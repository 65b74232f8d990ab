using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Recurrent.Numerics;

/// <summary>Arithmetic in double precision on values of any precision, eight at a time and rounded once.</summary>
internal static class Wide
{
    /// <summary>Values that <see cref="Load"/> reads.</summary>
    public const int Count = 8;

    /// <summary>x ← factor·x.</summary>
    /// <param name="x">The values.</param>
    /// <param name="factor">May be far outside the range of the values, as long as products are not.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<Real> x, double factor)
    {
        ref Real first = ref MemoryMarshal.GetReference(x);
        var f = Vector256.Create(factor);
        int i = 0;
        for (; i <= x.Length - Count; i += Count)
        {
            (Vector256<double> lower, Vector256<double> upper) = Load(ref Unsafe.Add(ref first, i));
            Store(lower * f, upper * f, ref Unsafe.Add(ref first, i));
        }

        for (; i < x.Length; i++)
        {
            x[i] = (Real)(x[i] * factor);
        }
    }

    /// <summary>x ← factors∘x.</summary>
    /// <param name="x">The values.</param>
    /// <param name="factors">A factor for each.</param>
    public static void Scale(Span<Real> x, ReadOnlySpan<double> factors)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (Real)(x[i] * factors[i]);
        }
    }

    /// <summary>sums += (x/unit)², element by element.</summary>
    /// <param name="x">The values.</param>
    /// <param name="unit">What they are measured in.</param>
    /// <param name="sums">A sum for each.</param>
    public static void AddSquares(ReadOnlySpan<Real> x, double unit, Span<double> sums)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double value = x[i] / unit;
            sums[i] += value * value;
        }
    }

    /// <summary>Reads <see cref="Count"/> values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<double> Lower, Vector256<double> Upper) Load<T>(ref T source)
        where T : unmanaged => typeof(T) == typeof(float)
        ? Vector256.Widen(Vector256.LoadUnsafe(ref Unsafe.As<T, float>(ref source)))
        : (Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref source)),
            Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref source), 4));

    /// <summary>Writes <see cref="Count"/> values, each rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> lower, Vector256<double> upper, ref Real target)
    {
#if FLOAT64
        lower.StoreUnsafe(ref target);
        upper.StoreUnsafe(ref target, 4);
#else
        Vector256.Narrow(lower, upper).StoreUnsafe(ref target);
#endif
    }

    /// <summary>A value as a double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Double<T>(T value)
        where T : unmanaged => typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) : Unsafe.BitCast<T, double>(value);
}
