using System.Numerics.Tensors;

namespace Recurrent;

/// <content>Checking what an array holds.</content>
public sealed partial class NDArray
{
    /// <summary>Requires that the array holds neither NaN nor infinity.</summary>
    /// <param name="argument">Name of the argument that it is, for messages.</param>
    /// <exception cref="ArgumentException">It does; the message says which and where.</exception>
    internal void RequireFinite(string argument)
    {
        if (TensorPrimitives.IsFiniteAll<Real>(Values))
        {
            return;
        }

        int position = Array.FindIndex(Values, value => !Real.IsFinite(value));
        string what = Real.IsNaN(Values[position]) ? "NaN" : "an infinite value";
        throw new ArgumentException(
            $"{argument} holds {what} at index {DescribeIndex(position)}. Fill or remove missing values before training or "
            + "predicting.", argument);
    }

    /// <summary>The index of a value as messages show it: <c>(2, 0, 1)</c>.</summary>
    /// <param name="position">Where the value stands in <see cref="Values"/>.</param>
    internal string DescribeIndex(int position)
    {
        var indices = new int[Rank];
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            indices[axis] = position % Shape[axis];
            position /= Shape[axis];
        }

        return Describe(indices);
    }
}
