using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>What the kernel tests share: random blocks with poison around them, and comparison of bits.</summary>
internal static class Bits
{
    /// <summary>Every register width a kernel can be asked for; wider ones than the machine's are emulated.</summary>
    public static int[] Widths => [Vector512<Real>.Count, Vector256<Real>.Count, Vector128<Real>.Count, 1];

    /// <summary>Whether multiply-add rounds once, which is when all widths must agree to the bit.</summary>
    public static bool Fused => Fma.IsSupported || AdvSimd.IsSupported;

    public static DenseMatrix RandomMatrix(System.Random random, int rows, int columns)
    {
        DenseMatrix matrix = new(rows, columns);
        foreach (ref Real value in matrix.Values.AsSpan())
        {
            value = (Real)((random.NextDouble() * 2) - 1);
        }

        return matrix;
    }

    /// <summary>A block of random values between two columns of NaN.</summary>
    public static ColumnBlock RandomBlock(System.Random random, int rows, int columns)
    {
        DenseMatrix matrix = RandomMatrix(random, rows, columns + 2);
        matrix.Values.AsSpan(0, rows).Fill(Real.NaN);
        matrix.Values.AsSpan((columns + 1) * rows).Fill(Real.NaN);
        return new ColumnBlock(matrix, 1, columns);
    }

    public static ColumnBlock Copy(ColumnBlock block)
    {
        DenseMatrix matrix = new(block.Rows, block.ColumnCount + 2);
        matrix.Values.AsSpan().Fill(Real.NaN);
        ColumnBlock copy = new(matrix, 1, block.ColumnCount);
        block.Values.CopyTo(copy.Values);
        return copy;
    }

    /// <summary>Same bits where multiply-add is fused; elsewhere the same up to rounding of so many terms.</summary>
    public static void AssertSame(ReadOnlySpan<Real> actual, ReadOnlySpan<Real> expected, int terms = 1)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length));
        for (int i = 0; i < actual.Length; i++)
        {
            // Zeros are equal whatever their sign, but have not the same bits.
            bool same = (actual[i].Equals(expected[i])
                && (Real.IsNaN(expected[i]) || Real.IsNegative(actual[i]) == Real.IsNegative(expected[i])))
                || (!Fused && Math.Abs(actual[i] - expected[i]) <= 4e-7 * terms * (1 + Math.Abs(expected[i])));
            if (!same)
            {
                Assert.Fail($"Element {i} is {actual[i]:R}, expected {expected[i]:R}.");
            }
        }
    }

    /// <summary>Agreement of a kernel with a twin in double precision.</summary>
    public static void AssertClose(ReadOnlySpan<Real> actual, ReadOnlySpan<Real> expected, double tolerance)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length));
        for (int i = 0; i < actual.Length; i++)
        {
            bool close = actual[i].Equals(expected[i])
                || Math.Abs(actual[i] - expected[i]) <= tolerance * (1 + Math.Abs(expected[i]));
            if (!close)
            {
                Assert.Fail($"Element {i} is {actual[i]:R}, expected {expected[i]:R}.");
            }
        }
    }

    /// <summary>That the columns of NaN around a block are still NaN.</summary>
    public static void AssertUntouchedAround(DenseMatrix matrix)
    {
        Assert.That(matrix.Values[..matrix.RowCount], Is.All.NaN);
        Assert.That(matrix.Values[^matrix.RowCount..], Is.All.NaN);
    }
}
