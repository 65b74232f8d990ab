using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recurrent.Numerics;

/// <summary>Registers of 256 bits.</summary>
internal readonly unsafe struct Lane256 : ILane<Vector256<Real>>
{
    /// <inheritdoc/>
    public static int Count => Vector256<Real>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Load(Real* source) => Vector256.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Real* target, Vector256<Real> value) => value.Store(target);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> LoadPart(Real* source, int count)
    {
        if (Avx.IsSupported)
        {
            return Avx.MaskLoad(source, Mask(count));
        }

        Vector256<Real> value = default;
        Unsafe.CopyBlockUnaligned(&value, source, (uint)(count * sizeof(Real)));
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Real* target, Vector256<Real> value, int count)
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
    public static Vector256<Real> Broadcast(Real value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Add(Vector256<Real> x, Vector256<Real> y) => x + y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Subtract(Vector256<Real> x, Vector256<Real> y) => x - y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Multiply(Vector256<Real> x, Vector256<Real> y) => x * y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Divide(Vector256<Real> x, Vector256<Real> y) => x / y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> MultiplyAdd(Vector256<Real> x, Vector256<Real> y, Vector256<Real> z) =>
        Vector256.MultiplyAddEstimate(x, y, z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Min(Vector256<Real> number, Vector256<Real> x) => Vector256.MinNative(number, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Max(Vector256<Real> number, Vector256<Real> x) => Vector256.MaxNative(number, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> Sqrt(Vector256<Real> x) => Vector256.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> NegativeAbs(Vector256<Real> x) => x | Vector256.Create((Real)(-0.0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> CopySign(Vector256<Real> x, Vector256<Real> sign) => Vector256.CopySign(x, sign);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> SelectNegative(Vector256<Real> x, Vector256<Real> ifNegative, Vector256<Real> otherwise) =>
        Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<Real>.Zero), ifNegative, otherwise);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<Real> ShiftToExponent(Vector256<Real> x) =>
#if FLOAT64
        Vector256.ShiftLeft(x.AsInt64(), 52).AsDouble();
#else
        Vector256.ShiftLeft(x.AsInt32(), 23).AsSingle();
#endif

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real Largest(Vector256<Real> x) => Lane128.Largest(Vector128.MaxNative(x.GetLower(), x.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real SumInHalves(Vector256<Real> x) => Lane128.SumInHalves(x.GetLower() + x.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<Real> Mask(int count) => Vector256.LessThan(Vector256<Real>.Indices, Vector256.Create((Real)count));
}
