using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recurrent.Numerics;

/// <summary>Registers of 128 bits.</summary>
internal readonly unsafe struct Lane128 : ILane<Vector128<Real>>
{
    /// <inheritdoc/>
    public static int Count => Vector128<Real>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Load(Real* source) => Vector128.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Real* target, Vector128<Real> value) => value.Store(target);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> LoadPart(Real* source, int count)
    {
        if (Avx.IsSupported)
        {
            return Avx.MaskLoad(source, Mask(count));
        }

        Vector128<Real> value = default;
        Unsafe.CopyBlockUnaligned(&value, source, (uint)(count * sizeof(Real)));
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Real* target, Vector128<Real> value, int count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, Mask(count), value);
            return;
        }

        Unsafe.CopyBlockUnaligned(target, &value, (uint)(count * sizeof(Real)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Broadcast(Real value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Add(Vector128<Real> x, Vector128<Real> y) => x + y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Subtract(Vector128<Real> x, Vector128<Real> y) => x - y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Multiply(Vector128<Real> x, Vector128<Real> y) => x * y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Divide(Vector128<Real> x, Vector128<Real> y) => x / y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> MultiplyAdd(Vector128<Real> x, Vector128<Real> y, Vector128<Real> z) =>
        Vector128.MultiplyAddEstimate(x, y, z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Min(Vector128<Real> number, Vector128<Real> x) => Vector128.MinNative(number, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Max(Vector128<Real> number, Vector128<Real> x) => Vector128.MaxNative(number, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> Sqrt(Vector128<Real> x) => Vector128.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> NegativeAbs(Vector128<Real> x) => x | Vector128.Create((Real)(-0.0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> CopySign(Vector128<Real> x, Vector128<Real> sign) => Vector128.CopySign(x, sign);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> SelectNegative(Vector128<Real> x, Vector128<Real> ifNegative, Vector128<Real> otherwise) =>
        Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<Real>.Zero), ifNegative, otherwise);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<Real> ShiftToExponent(Vector128<Real> x) =>
#if FLOAT64
        Vector128.ShiftLeft(x.AsInt64(), 52).AsDouble();
#else
        Vector128.ShiftLeft(x.AsInt32(), 23).AsSingle();
#endif

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real Largest(Vector128<Real> x)
    {
#if !FLOAT64
        x = Vector128.MaxNative(x, Vector128.Shuffle(x, Vector128.Create(2, 3, 0, 1)));
#endif
        return LaneScalar.Max(x[0], x[1]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real SumInHalves(Vector128<Real> x)
    {
#if !FLOAT64
        x += Vector128.Shuffle(x, Vector128.Create(2, 3, 0, 1));
#endif
        return x[0] + x[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<Real> Mask(int count) => Vector128.LessThan(Vector128<Real>.Indices, Vector128.Create((Real)count));
}
