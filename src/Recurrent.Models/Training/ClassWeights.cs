using System.Globalization;
using System.Numerics.Tensors;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Turns a weight for each class into a weight for each target.</summary>
internal static class ClassWeights
{
    /// <summary>Looks up each target's class: an integer label, or the largest entry of a one-hot target.</summary>
    /// <param name="classWeight">The weights; a class that is not named counts once, as in Keras.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="outputs">Number of outputs of the model.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, a class does not exist, or targets are not
    /// classes.</exception>
    public static Samples Expand(IReadOnlyDictionary<int, double> classWeight, Samples targets, int outputs)
    {
        int classes = Math.Max(2, outputs);
        foreach ((int index, double weight) in classWeight)
        {
            if (!double.IsFinite(weight) || weight < 0)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"The weight of class {index} is {weight}; it must be a finite number of at least 0."),
                        nameof(classWeight));
            }

            if (index < 0 || index >= classes)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"classWeight names class {index}, but the model tells {classes} classes apart: 0 to {classes - 1}."),
                        nameof(classWeight));
            }
        }

        int rows = targets.SampleShape.Features;
        if (targets is RaggedSamples ragged)
        {
            var items = new NDArray[ragged.Count];
            for (int i = 0; i < items.Length; i++)
            {
                Real[] own = LookUp(classWeight, ragged.Items[i].Values, rows,
                    FormattableString.Invariant($"of sample {i}, target "));
                items[i] = new NDArray([own.Length, 1], own);
            }

            return new RaggedSamples(items, new Shape(null, 1));
        }

        int steps = targets.SampleShape.Steps;
        Real[] weights = LookUp(classWeight, Written(targets).Values, rows, "target ");
        return new SampleArray(new NDArray([targets.Count, steps, 1], weights), new Shape(steps, 1));
    }

    private static SampleArray Written(Samples targets) =>
        targets is LazySamples lazy ? lazy.ToArray() : (SampleArray)targets;

    private static Real[] LookUp(IReadOnlyDictionary<int, double> classWeight, ReadOnlySpan<Real> values, int rows, string what)
    {
        var weights = new Real[values.Length / rows];
        for (int i = 0; i < weights.Length; i++)
        {
            ReadOnlySpan<Real> target = values.Slice(i * rows, rows);
            Real label = rows == 1 ? target[0] : TensorPrimitives.IndexOfMax(target);
            if (label != Real.Floor(label))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"classWeight needs targets that are classes, but {what}{i} is "
                        + $"{label}. Use sampleWeight for targets that are numbers."), nameof(classWeight));
            }

            weights[i] = (Real)classWeight.GetValueOrDefault((int)label, 1);
        }

        return weights;
    }
}
