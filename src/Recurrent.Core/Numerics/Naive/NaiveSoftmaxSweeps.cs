namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="SoftmaxSweeps"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveSoftmaxSweeps
{
    /// <summary>See <see cref="SoftmaxSweeps.Forward(ColumnBlock, Real, Span{Real}, Span{Real}, Real)"/>.</summary>
    public static void Forward(ColumnBlock scores, Real factor, Span<Real> largest, Span<Real> inverses, Real nothing)
    {
        for (int column = 0; column < scores.ColumnCount; column++)
        {
            Real max = Real.NegativeInfinity;
            foreach (Real score in scores.Column(column))
            {
                max = score > max || Real.IsNaN(score) ? score : max;
            }

            double sum = 0;
            foreach (Real score in scores.Column(column))
            {
                sum += Math.Exp(((double)score - max) * factor);
            }

            largest[column] = max;
            inverses[column] = Real.IsNegativeInfinity(max) ? 0 : (Real)(1 / sum);
        }

        Again(scores, factor, largest, inverses, nothing);
    }

    /// <summary>See <see cref="SoftmaxSweeps.Again(ColumnBlock, Real, Span{Real}, Span{Real}, Real)"/>.</summary>
    public static void Again(ColumnBlock scores, Real factor, Span<Real> largest, Span<Real> inverses, Real nothing)
    {
        for (int column = 0; column < scores.ColumnCount; column++)
        {
            Real max = largest[column];
            double inverse = inverses[column];
            foreach (ref Real score in scores.Column(column))
            {
                score = Real.IsNegativeInfinity(max) ? nothing : (Real)(Math.Exp(((double)score - max) * factor) * inverse);
            }
        }
    }

    /// <summary>See <see cref="SoftmaxSweeps.Backward(ColumnBlock, ColumnBlock, Span{Real}, Real)"/>.</summary>
    public static void Backward(ColumnBlock weights, ColumnBlock slopes, Span<Real> largest, Real factor)
    {
        for (int column = 0; column < weights.ColumnCount; column++)
        {
            ReadOnlySpan<Real> p = weights.Column(column);
            Span<Real> slope = slopes.Column(column);
            double mean = 0;
            for (int row = 0; row < p.Length; row++)
            {
                mean += (double)p[row] * slope[row];
            }

            for (int row = 0; row < p.Length; row++)
            {
                slope[row] = Real.IsNegativeInfinity(largest[column]) ? 0 : (Real)((slope[row] - mean) * p[row] * factor);
            }
        }
    }
}
