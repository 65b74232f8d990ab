namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="ComplexScan"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveComplexScan
{
    /// <summary>See <see cref="ComplexScan.Forward"/>.</summary>
    public static void Forward(ReadOnlySpan<Real> factors, ColumnBlock z, ColumnBlock before, ColumnBlock after)
    {
        int units = z.Rows / 2;
        for (int column = 0; column < z.ColumnCount; column++)
        {
            for (int k = 0; k < units; k++)
            {
                double re = factors[k];
                double im = factors[units + k];
                double gain = factors[(2 * units) + k];
                double hr = before.Column(column)[k];
                double hi = before.Column(column)[units + k];
                after.Column(column)[k] = (Real)((re * hr) - (im * hi) + (gain * z.Column(column)[k]));
                after.Column(column)[units + k] = (Real)((re * hi) + (im * hr) + (gain * z.Column(column)[units + k]));
            }
        }
    }

    /// <summary>See <see cref="ComplexScan.Backward"/>.</summary>
    public static void Backward(
        ReadOnlySpan<Real> factors, ColumnBlock z, ColumnBlock before, ColumnBlock dh, ColumnBlock carry, Span<Real> sums)
    {
        int units = z.Rows / 2;
        for (int column = z.ColumnCount - 1; column >= 0; column--)
        {
            Span<Real> back = carry.Column(column % carry.ColumnCount);
            Span<Real> input = z.Column(column);
            for (int k = 0; k < units; k++)
            {
                double re = factors[k];
                double im = factors[units + k];
                double gain = factors[(2 * units) + k];
                double dr = (double)back[k] + dh.Column(column)[k];
                double di = (double)back[units + k] + dh.Column(column)[units + k];
                double hr = before.Column(column)[k];
                double hi = before.Column(column)[units + k];
                sums[k] += (Real)((dr * hr) + (di * hi));
                sums[units + k] += (Real)((di * hr) - (dr * hi));
                sums[(2 * units) + k] += (Real)((dr * input[k]) + (di * input[units + k]));
                input[k] = (Real)(gain * dr);
                input[units + k] = (Real)(gain * di);
                back[k] = NaiveFunctions.FlushTiny((Real)((re * dr) + (im * di)));
                back[units + k] = NaiveFunctions.FlushTiny((Real)((re * di) - (im * dr)));
            }
        }
    }
}
