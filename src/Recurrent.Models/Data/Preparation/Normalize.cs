using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Vectors brought to length 1: Keras's keras.utils.normalize.</summary>
public static class Normalize
{
    /// <summary>Divides vectors by their length; those of length 0 stay 0.</summary>
    /// <param name="x">The vectors.</param>
    /// <param name="axis">The axis along which a vector lies; negative ones count from the end.</param>
    /// <param name="order">Order p of the length (Σ|xᵢ|ᵖ)^(1/p), at least 1; 2 by default, the Euclidean one.</param>
    /// <returns>An array of the same shape.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or the order is out of range.</exception>
    public static NDArray Create(NDArray x, int axis = -1, int order = 2)
    {
        ArgumentNullException.ThrowIfNull(x);
        int own = axis < 0 ? axis + x.Rank : axis;
        new OptionCheck(nameof(Normalize))
            .Require(
                own >= 0 && own < x.Rank,
                FormattableString.Invariant($"axis must be one of the {x.Rank} of the array, but is {axis}"), nameof(axis))
            .Positive(nameof(order), order)
            .ThrowIfAny();
        var result = new NDArray([.. x.Shape]);
        int inner = x.Shape.Skip(own + 1).Aggregate(1, (product, length) => product * length);
        int count = x.Shape[own];
        for (int start = 0; start < x.Size; start++)
        {
            if (start / inner % Math.Max(1, count) != 0)
            {
                continue;
            }

            double length = Length(x.Values, start, inner, count, order);
            for (int i = 0; i < count; i++)
            {
                int place = start + (i * inner);
                result.Values[place] = length > 0 ? (Real)(x.Values[place] / length) : 0;
            }
        }

        return result;
    }

    private static double Length(Real[] values, int start, int inner, int count, int order)
    {
        // In units of the largest, so that no power is too large or too small.
        double largest = 0;
        for (int i = 0; i < count; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)values[start + (i * inner)]));
        }

        double sum = 0;
        for (int i = 0; i < count && largest > 0; i++)
        {
            sum += Math.Pow(Math.Abs(values[start + (i * inner)]) / largest, order);
        }

        return largest * Math.Pow(sum, 1.0 / order);
    }
}
