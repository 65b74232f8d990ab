using System.Numerics.Tensors;

namespace Recurrent.Activations;

/// <summary>
/// The point of the probability simplex nearest to the input, over the feature axis: <c>yᵢ = max(xᵢ − τ, 0)</c> with τ such that
/// Σy = 1. Unlike softmax it gives exact zeros.
/// </summary>
/// <remarks>
/// <para>Gradient: <c>dxᵢ = dyᵢ − mean of dy over the entries with y &gt; 0</c> at those entries, 0 at the others.</para>
/// <para>
/// Martins and Astudillo, "From softmax to sparsemax", ICML 2016. τ is found without sorting, by shrinking the set of positive
/// entries until it is stable (Michelot, "A finite algorithm for finding the projection of a point onto the canonical simplex",
/// 1986).
/// </para>
/// </remarks>
public sealed class Sparsemax : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "sparsemax";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        for (int start = 0; start < x.Length; start += rows)
        {
            Span<Real> column = y.Slice(start, rows);
            TensorPrimitives.Subtract(x.Slice(start, rows), TensorPrimitives.Max(x.Slice(start, rows)), column);
            TensorPrimitives.Subtract(column, Threshold(column), column);
            TensorPrimitives.Max(column, 0, column);
        }
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows)
    {
        for (int start = 0; start < y.Length; start += rows)
        {
            Real sum = 0;
            int count = 0;
            for (int i = start; i < start + rows; i++)
            {
                if (y[i] > 0)
                {
                    sum += dy[i];
                    count++;
                }
            }

            for (int i = start; i < start + rows; i++)
            {
                dx[i] = y[i] > 0 ? dy[i] - (sum / count) : 0;
            }
        }
    }

    // τ of a column whose largest entry is 0. It rises with every round and stays below 0, so the largest entry never drops out.
    private static Real Threshold(ReadOnlySpan<Real> column)
    {
        double threshold = double.NegativeInfinity;
        for (int previous = -1; ;)
        {
            double sum = 0;
            int count = 0;
            foreach (Real value in column)
            {
                if (value > threshold)
                {
                    sum += value;
                    count++;
                }
            }

            if (count == previous || count == 0)
            {
                return (Real)threshold;
            }

            threshold = (sum - 1) / count;
            previous = count;
        }
    }
}
