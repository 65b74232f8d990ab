namespace Recurrent.Numerics;

/// <summary>The products of <see cref="Product"/> as plain loops: what the tests hold the kernels to.</summary>
/// <remarks>
/// Each element adds up its terms in ascending order, the order of the kernels, so with fused multiply-add the two agree
/// bit for bit.
/// </remarks>
internal static class NaiveProduct
{
    /// <summary>C = A·B, or C += A·B, of bands of rows of B and C.</summary>
    public static void Multiply(DenseMatrix a, ColumnBlock b, int firstRow, ColumnBlock c, int firstRowOfC, bool accumulate)
    {
        int rows = a.RowCount;
        for (int column = 0; column < b.ColumnCount; column++)
        {
            Span<Real> x = b.Column(column).Slice(firstRow, a.ColumnCount);
            Span<Real> y = c.Column(column).Slice(firstRowOfC, rows);
            if (!accumulate)
            {
                y.Clear();
            }

            for (int k = 0; k < x.Length; k++)
            {
                ReadOnlySpan<Real> weights = a.Values.AsSpan(k * rows, rows);
                for (int row = 0; row < rows; row++)
                {
                    y[row] = Real.MultiplyAddEstimate(weights[row], x[k], y[row]);
                }
            }
        }
    }

    /// <summary>C += A·Bᵀ, of a band of rows of A, into a band of rows of C.</summary>
    public static void AddOuter(ColumnBlock a, int firstRow, int rows, ColumnBlock b, DenseMatrix c, int firstRowOfC)
    {
        for (int column = 0; column < a.ColumnCount; column++)
        {
            ReadOnlySpan<Real> x = a.Column(column).Slice(firstRow, rows);
            ReadOnlySpan<Real> y = b.Column(column);
            for (int j = 0; j < y.Length; j++)
            {
                Span<Real> z = c.Values.AsSpan((j * c.RowCount) + firstRowOfC, rows);
                for (int i = 0; i < rows; i++)
                {
                    z[i] = Real.MultiplyAddEstimate(x[i], y[j], z[i]);
                }
            }
        }
    }

    /// <summary>sums += Σ over the columns of A.</summary>
    public static void AddRowSums(ColumnBlock a, Span<Real> sums)
    {
        for (int column = 0; column < a.ColumnCount; column++)
        {
            ReadOnlySpan<Real> x = a.Column(column);
            for (int row = 0; row < x.Length; row++)
            {
                sums[row] += x[row];
            }
        }
    }
}
