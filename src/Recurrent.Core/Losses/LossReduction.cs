namespace Recurrent.Losses;

/// <summary>
/// Turns sample weights, a mask and a <see cref="Reduction"/> into one factor for each column:
/// the loss of the batch is <c>Σ scaleⱼ · lossⱼ</c>, and the gradient of column <c>j</c> is multiplied by <c>scaleⱼ</c>.
/// </summary>
/// <remarks>
/// With <c>n</c> columns, <c>v</c> of them not hidden by the mask, mask <c>mⱼ</c> (0 or 1) and weight <c>wⱼ</c>:
/// <list type="bullet">
/// <item>sum over batch size: <c>scaleⱼ = wⱼ mⱼ / v</c>, the divisor never includes the weights;</item>
/// <item>sum: <c>scaleⱼ = wⱼ mⱼ</c>;</item>
/// <item>mean with sample weight: <c>scaleⱼ = wⱼ mⱼ / Σ wₖ mₖ</c>.</item>
/// </list>
/// A divisor of zero gives scales of zero. The rule is Keras's (<c>reduce_weighted_values</c>, version 3.15).
/// </remarks>
public static class LossReduction
{
    /// <summary>Computes the factor of every column of a whole batch.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="totalColumns">Number of columns of the batch, hidden ones included.</param>
    /// <param name="weights">One weight for each column; empty where all count once.</param>
    /// <param name="mask">For each column whether it counts; empty where all do.</param>
    /// <param name="scales">Receives one factor for each column.</param>
    /// <exception cref="ArgumentException">A span has another length than there are columns.</exception>
    public static void Scales(
        Reduction reduction, int totalColumns, ReadOnlySpan<Real> weights, ReadOnlySpan<bool> mask, Span<Real> scales)
    {
        CheckLength(nameof(scales), scales.Length, totalColumns);
        CheckLength(nameof(weights), weights.IsEmpty ? totalColumns : weights.Length, totalColumns);
        CheckLength(nameof(mask), mask.IsEmpty ? totalColumns : mask.Length, totalColumns);

        double divisor = Divisor(reduction, totalColumns, weights, mask);
        double one = divisor == 0 ? 0 : 1 / divisor;
        for (int j = 0; j < scales.Length; j++)
        {
            bool counts = mask.IsEmpty || mask[j];
            double weight = weights.IsEmpty ? 1 : weights[j];
            scales[j] = counts ? (Real)(weight * one) : 0;
        }
    }

    private static double Divisor(Reduction reduction, int columns, ReadOnlySpan<Real> weights, ReadOnlySpan<bool> mask)
    {
        switch (reduction)
        {
            case Reduction.Sum:
                return 1;
            case Reduction.MeanWithSampleWeight when !weights.IsEmpty:
                double sum = 0;
                for (int j = 0; j < columns; j++)
                {
                    sum += mask.IsEmpty || mask[j] ? weights[j] : 0;
                }

                return sum;
            default:
                return mask.IsEmpty ? columns : mask.Count(true);
        }
    }

    private static void CheckLength(string name, int length, int columns)
    {
        if (length != columns)
        {
            throw new ArgumentException($"{name} has {length} entries, but the batch has {columns} columns.", name);
        }
    }
}
