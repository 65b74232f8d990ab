using System.Runtime.CompilerServices;
#if !FLOAT64
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
#endif

namespace Recurrent.Numerics;

/// <summary>Columns of a source become rows of a panel: four values of eight or four columns at a time, in registers.</summary>
/// <remarks>
/// Zipped twice, four vectors of four are their transpose. Two such squares share a register of 256 bits, so that what is
/// written is as long as what is read is scattered.
/// </remarks>
internal static unsafe class Transposition
{
    /// <summary>Copies; rows of the panel that no column belongs to stay as they are.</summary>
    /// <param name="a">First column of the source.</param>
    /// <param name="strideA">Distance of the columns.</param>
    /// <param name="rows">Number of columns of the source: rows of the panel.</param>
    /// <param name="depth">Length of a column.</param>
    /// <param name="panel">Where to.</param>
    /// <param name="height">Distance from what belongs to one value of a column to what belongs to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(Real* a, nint strideA, int rows, int depth, Real* panel, nint height)
    {
        int row = 0;
#if !FLOAT64
        for (; Avx.IsSupported && row <= rows - 8; row += 8)
        {
            RunEight(a + (row * strideA), strideA, depth, panel + row, height);
        }

        for (; (Sse.IsSupported || AdvSimd.Arm64.IsSupported) && row <= rows - 4; row += 4)
        {
            RunFour(a + (row * strideA), strideA, depth, panel + row, height);
        }
#endif
        RunSingly(a + (row * strideA), strideA, rows - row, 0, depth, panel + row, height);
    }

#if !FLOAT64
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunEight(Real* a, nint strideA, int depth, Real* panel, nint height)
    {
        Real* lower = a;
        Real* upper = a + (4 * strideA);
        Real* to = panel;
        int k = 0;
        for (; k <= depth - 4; k += 4)
        {
            Vector256<Real> x0 = Pair(lower, upper);
            Vector256<Real> x1 = Pair(lower + strideA, upper + strideA);
            Vector256<Real> x2 = Pair(lower + (2 * strideA), upper + (2 * strideA));
            Vector256<Real> x3 = Pair(lower + (3 * strideA), upper + (3 * strideA));
            Vector256<Real> even01 = Avx.UnpackLow(x0, x2);
            Vector256<Real> even23 = Avx.UnpackHigh(x0, x2);
            Vector256<Real> odd01 = Avx.UnpackLow(x1, x3);
            Vector256<Real> odd23 = Avx.UnpackHigh(x1, x3);
            Avx.UnpackLow(even01, odd01).Store(to);
            Avx.UnpackHigh(even01, odd01).Store(to + height);
            Avx.UnpackLow(even23, odd23).Store(to + (2 * height));
            Avx.UnpackHigh(even23, odd23).Store(to + (3 * height));
            lower += 4;
            upper += 4;
            to += 4 * height;
        }

        RunSingly(a, strideA, 8, k, depth, panel, height);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunFour(Real* a, nint strideA, int depth, Real* panel, nint height)
    {
        Real* from = a;
        Real* to = panel;
        int k = 0;
        for (; k <= depth - 4; k += 4)
        {
            Vector128<Real> x0 = Vector128.Load(from);
            Vector128<Real> x1 = Vector128.Load(from + strideA);
            Vector128<Real> x2 = Vector128.Load(from + (2 * strideA));
            Vector128<Real> x3 = Vector128.Load(from + (3 * strideA));
            Vector128<Real> even01 = ZipLow(x0, x2);
            Vector128<Real> even23 = ZipHigh(x0, x2);
            Vector128<Real> odd01 = ZipLow(x1, x3);
            Vector128<Real> odd23 = ZipHigh(x1, x3);
            ZipLow(even01, odd01).Store(to);
            ZipHigh(even01, odd01).Store(to + height);
            ZipLow(even23, odd23).Store(to + (2 * height));
            ZipHigh(even23, odd23).Store(to + (3 * height));
            from += 4;
            to += 4 * height;
        }

        RunSingly(a, strideA, 4, k, depth, panel, height);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<Real> Pair(Real* lower, Real* upper) =>
        Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<Real> ZipLow(Vector128<Real> x, Vector128<Real> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<Real> ZipHigh(Vector128<Real> x, Vector128<Real> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);

#endif
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunSingly(Real* a, nint strideA, int rows, int first, int depth, Real* panel, nint height)
    {
        for (int row = 0; row < rows; row++)
        {
            Real* from = a + (row * strideA);
            for (int k = first; k < depth; k++)
            {
                panel[row + (k * height)] = from[k];
            }
        }
    }
}
