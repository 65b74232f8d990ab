using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Data;

/// <summary>Class indices as one-hot vectors: Keras's keras.utils.to_categorical.</summary>
/// <example>
/// <code>
/// NDArray y = ToCategorical.Create(new[] { 0, 2, 1 });   // [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
/// </code>
/// </example>
public static class ToCategorical
{
    /// <summary>Makes the vectors.</summary>
    /// <param name="x">Class indices from 0, of any shape; a last axis of length 1 is left out.</param>
    /// <param name="numClasses">Number of classes, at least 1; null takes the largest index plus 1.</param>
    /// <returns>The shape of <paramref name="x"/> with an axis of classes behind it: 1 at the class, 0 elsewhere.</returns>
    /// <exception cref="ArgumentException">There is no index, or one is negative, no whole number or not below
    /// <paramref name="numClasses"/>.</exception>
    public static NDArray Create(NDArray x, int? numClasses = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        new OptionCheck(nameof(ToCategorical))
            .Positive(nameof(numClasses), numClasses ?? 1)
            .Require(x.Size > 0, "there is no class index", nameof(x))
            .ThrowIfAny();
        int wrong = Array.FindIndex(
            x.Values, value => !(value >= 0) || value != Real.Floor(value) || value >= (numClasses ?? int.MaxValue));
        if (wrong >= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"x holds {x.Values[wrong]} at index {x.DescribeIndex(wrong)}; a class index is a ")
                + (numClasses is int count ? FormattableString.Invariant($"whole number from 0 to {count - 1}.")
                    : "whole number from 0 on."),
                nameof(x));
        }

        int classes = numClasses ?? ((int)x.Values.Max() + 1);
        int[] shape = x.Rank > 1 && x.Shape[^1] == 1 ? [.. x.Shape.SkipLast(1)] : [.. x.Shape];
        _ = ArraySize.Of(
            FormattableString.Invariant($"{x.Size} vectors of {classes} classes"),
            "Use a sparse loss, which takes class indices as they are.",
            nameof(numClasses), x.Size, classes);
        var vectors = new NDArray([.. shape, classes]);
        for (int i = 0; i < x.Size; i++)
        {
            vectors.Values[(i * classes) + (int)x.Values[i]] = 1;
        }

        return vectors;
    }
}
