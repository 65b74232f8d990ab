using System.Numerics.Tensors;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Turns a weight for each class into a weight for each target.</summary>
internal static class ClassWeights
{
    /// <summary>Looks up each target's class: an integer label, or the largest entry of a one-hot target.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite.</exception>
    public static SampleArray Expand(IReadOnlyDictionary<int, double> classWeight, NDArray y, SampleArray targets)
    {
        foreach ((int index, double weight) in classWeight)
        {
            if (!double.IsFinite(weight) || weight < 0)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The weight of class {index} is {weight}; it must be a finite number of at least 0."), nameof(classWeight));
            }
        }

        int rows = targets.SampleShape.Features;
        var weights = new Real[y.Size / rows];
        for (int i = 0; i < weights.Length; i++)
        {
            ReadOnlySpan<Real> target = y.Values.AsSpan(i * rows, rows);
            int label = rows == 1 ? (int)target[0] : TensorPrimitives.IndexOfMax(target);

            // A class that is not named counts once, as in Keras.
            weights[i] = (Real)classWeight.GetValueOrDefault(label, 1);
        }

        int steps = targets.SampleShape.Steps;
        return new SampleArray(new NDArray([targets.Count, steps, 1], weights), new Shape(steps, 1));
    }
}
