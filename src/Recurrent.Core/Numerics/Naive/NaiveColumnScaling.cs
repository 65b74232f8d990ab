namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="ColumnScaling"/> as plain loops: what the tests hold them to, bit for bit.</summary>
internal static class NaiveColumnScaling
{
    /// <summary>See
    /// <see cref="ColumnScaling.Forward(ColumnBlock, ReadOnlySpan{Real}, ReadOnlySpan{Real}, ColumnBlock)"/>.</summary>
    public static void Forward(ColumnBlock x, ReadOnlySpan<Real> gamma, ReadOnlySpan<Real> beta, ColumnBlock y)
    {
        for (int column = 0; column < x.ColumnCount; column++)
        {
            for (int row = 0; row < x.Rows; row++)
            {
                Real value = gamma.IsEmpty ? x.Column(column)[row] : x.Column(column)[row] * gamma[row];
                y.Column(column)[row] = beta.IsEmpty ? value : value + beta[row];
            }
        }
    }

    /// <summary>See <see cref="ColumnScaling.Backward(ColumnBlock, ColumnBlock, ReadOnlySpan{Real}, Span{Real})"/>.</summary>
    public static void Backward(ColumnBlock gradient, ColumnBlock x, ReadOnlySpan<Real> gamma, Span<Real> sums)
    {
        for (int column = 0; column < x.ColumnCount; column++)
        {
            for (int row = 0; row < x.Rows; row++)
            {
                ref Real slope = ref gradient.Column(column)[row];
                Real product = slope * x.Column(column)[row];
                sums[row] += product;
                slope *= gamma[row];
            }
        }
    }
}
