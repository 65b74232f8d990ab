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

        int counted = mask.IsEmpty ? totalColumns : mask.Count(true);
        double weightSum = 0;
        for (int j = 0; j < scales.Length; j++)
        {
            weightSum += mask.IsEmpty || mask[j] ? Weight(j, weights) : 0;
        }

        Scales(ColumnScale(reduction, counted, weightSum), weights, mask, scales);
    }

    /// <summary>The factor of every column of a part of a batch, from what all columns that count have in common.</summary>
    /// <param name="columnScale">What <see cref="ColumnScale"/> gives for the whole batch.</param>
    /// <param name="weights">One weight for each column; empty where all count once.</param>
    /// <param name="mask">For each column whether it counts; empty where all do.</param>
    /// <param name="scales">Receives one factor for each column.</param>
    public static void Scales(double columnScale, ReadOnlySpan<Real> weights, ReadOnlySpan<bool> mask, Span<Real> scales)
    {
        for (int j = 0; j < scales.Length; j++)
        {
            scales[j] = (Real)Scale(columnScale, j, weights, mask);
        }
    }

    /// <summary>The loss of a part of a batch: the losses of its columns, each times its factor.</summary>
    /// <param name="losses">The losses.</param>
    /// <param name="columnScale">What <see cref="ColumnScale"/> gives for the whole batch.</param>
    /// <param name="weights">One weight for each column; empty where all count once.</param>
    /// <param name="mask">For each column whether it counts; empty where all do.</param>
    /// <param name="start">What the sum begins with; default 0.</param>
    public static double Sum(
        ReadOnlySpan<Real> losses, double columnScale, ReadOnlySpan<Real> weights, ReadOnlySpan<bool> mask, double start = 0)
    {
        double sum = start;
        for (int j = 0; j < losses.Length; j++)
        {
            // A column that does not count must not spoil the sum, even where its own loss is not a number.
            double scale = Scale(columnScale, j, weights, mask);
            sum += scale == 0 ? 0 : scale * losses[j];
        }

        return sum;
    }

    /// <summary>What the factor of every column that counts has in common; a column's own weight multiplies it.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="countedColumns">Number of columns of the whole batch that no mask hides.</param>
    /// <param name="weightSum">Sum of their weights; their number where there are no weights.</param>
    public static double ColumnScale(Reduction reduction, long countedColumns, double weightSum)
    {
        double divisor = reduction switch
        {
            Reduction.Sum => 1,
            Reduction.MeanWithSampleWeight => weightSum,
            _ => countedColumns,
        };
        return divisor == 0 ? 0 : 1 / divisor;
    }

    private static double Scale(double columnScale, int column, ReadOnlySpan<Real> weights, ReadOnlySpan<bool> mask) =>
        mask.IsEmpty || mask[column] ? columnScale * Weight(column, weights) : 0;

    private static double Weight(int column, ReadOnlySpan<Real> weights) => weights.IsEmpty ? 1 : weights[column];

    private static void CheckLength(string name, int length, int columns)
    {
        if (length != columns)
        {
            throw new ArgumentException($"{name} has {length} entries, but the batch has {columns} columns.", name);
        }
    }
}
