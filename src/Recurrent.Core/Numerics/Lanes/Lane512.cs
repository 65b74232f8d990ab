using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recurrent.Numerics;

/// <summary>Registers of 512 bits.</summary>
internal readonly unsafe struct Lane512 : ILane<Vector512<Real>>
{
    /// <inheritdoc/>
    public static int Count => Vector512<Real>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Load(Real* source) => Vector512.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Real* target, Vector512<Real> value) => value.Store(target);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> LoadPart(Real* source, int count)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.MaskLoad(source, Mask(count), Vector512<Real>.Zero);
        }

        Vector512<Real> value = default;
        Unsafe.CopyBlockUnaligned(&value, source, (uint)(count * sizeof(Real)));
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Real* target, Vector512<Real> value, int count)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore(target, Mask(count), value);
            return;
        }

        Unsafe.CopyBlockUnaligned(target, &value, (uint)(count * sizeof(Real)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Broadcast(Real value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Add(Vector512<Real> x, Vector512<Real> y) => x + y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Subtract(Vector512<Real> x, Vector512<Real> y) => x - y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Multiply(Vector512<Real> x, Vector512<Real> y) => x * y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Divide(Vector512<Real> x, Vector512<Real> y) => x / y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> MultiplyAdd(Vector512<Real> x, Vector512<Real> y, Vector512<Real> z) =>
        Vector512.MultiplyAddEstimate(x, y, z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Min(Vector512<Real> number, Vector512<Real> x) => Vector512.MinNative(number, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Max(Vector512<Real> number, Vector512<Real> x) => Vector512.MaxNative(number, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> Sqrt(Vector512<Real> x) => Vector512.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> NegativeAbs(Vector512<Real> x) => x | Vector512.Create((Real)(-0.0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> CopySign(Vector512<Real> x, Vector512<Real> sign) => Vector512.CopySign(x, sign);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> SelectNegative(Vector512<Real> x, Vector512<Real> ifNegative, Vector512<Real> otherwise) =>
        Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<Real>.Zero), ifNegative, otherwise);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<Real> ShiftToExponent(Vector512<Real> x) =>
#if FLOAT64
        Vector512.ShiftLeft(x.AsInt64(), 52).AsDouble();
#else
        Vector512.ShiftLeft(x.AsInt32(), 23).AsSingle();
#endif

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real Largest(Vector512<Real> x) => Lane256.Largest(Vector256.MaxNative(x.GetLower(), x.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real SumInHalves(Vector512<Real> x) => Lane256.SumInHalves(x.GetLower() + x.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<Real> Mask(int count) => Vector512.LessThan(Vector512<Real>.Indices, Vector512.Create((Real)count));
}
