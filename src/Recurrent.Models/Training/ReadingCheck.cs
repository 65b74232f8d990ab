using Recurrent.Layers;
using Recurrent.Losses;

namespace Recurrent.Training;

/// <summary>Checks, before any work, what an output needs that is read as something else than its numbers.</summary>
internal static class ReadingCheck
{
    /// <summary>Requires that the loss and the layer that gives the output go together.</summary>
    /// <param name="loss">The loss; null where it is chosen later.</param>
    /// <param name="giver">The layer.</param>
    public static void Loss(Loss? loss, Layer giver)
    {
        if (giver.Reading is not null && loss is not CRFLoss)
        {
            throw new ArgumentException(
                $"{giver.Introduction} gives scores of pairs of tags, which the loss '{loss?.Name ?? "crossentropy"}' cannot "
                + "look at. Compile the model with loss: \"crf\".");
        }

        if (giver.Reading is null && loss is CRFLoss)
        {
            throw new ArgumentException(
                $"The loss 'crf' looks at the scores of pairs of tags that a CRF layer gives, but {giver.Introduction} gives the "
                + "output. Make a CRF layer the last one: model.Add(new CRF(tags)).");
        }
    }

    /// <summary>Checks the targets of samples that no mask can hide any steps of.</summary>
    /// <param name="output">The output.</param>
    /// <param name="layers">The layers of the model.</param>
    public static void Targets(OutputData output, IReadOnlyList<Layer> layers)
    {
        if (output.Reading is not { } reading || layers.Any(layer => layer.CreatesMask))
        {
            return;
        }

        if (output.Targets is RaggedSamples ragged)
        {
            ReadOnlySpan<NDArray> items = ragged.Items;
            for (int i = 0; i < items.Length; i++)
            {
                reading.CheckTargets(items[i].Values, i);
            }
        }
        else if (output.Targets is SampleArray array)
        {
            int size = array.SampleShape.Size;
            for (int i = 0; i < array.Count; i++)
            {
                reading.CheckTargets(array.Values.Slice(i * size, size), i);
            }
        }
    }
}
