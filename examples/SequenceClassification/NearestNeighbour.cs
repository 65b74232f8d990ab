using System.Numerics.Tensors;

namespace Recurrent.Examples.SequenceClassification;

/// <summary>The baseline: an image is what the most similar training image is, by the distance of their pixels. Nothing is
/// learned.</summary>
internal sealed class NearestNeighbour(Digits training)
{
    internal int[] Classify(Digits digits) => [.. Enumerable.Range(0, digits.Count).Select(i => Classify(digits.Image(i)))];

    private int Classify(ReadOnlySpan<float> image)
    {
        int nearest = 0;
        float least = float.PositiveInfinity;
        for (int i = 0; i < training.Count; i++)
        {
            float distance = TensorPrimitives.Distance(image, training.Image(i));
            if (distance < least)
            {
                (nearest, least) = (i, distance);
            }
        }

        return training.Labels[nearest];
    }
}
