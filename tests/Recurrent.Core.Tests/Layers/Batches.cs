using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>Arrays as callers have them, (batch, …, features) in row-major order, and as layers have them.</summary>
internal static class Batches
{
    /// <summary>The batch of an array.</summary>
    public static SequenceBatch Of(NDArray array)
    {
        var batch = new SequenceBatch(new([.. array.Shape.Skip(1).Select(axis => (int?)axis)]), array.Shape[0]);
        int features = batch.Values.RowCount;
        for (int sample = 0; sample < batch.BatchSize; sample++)
        {
            for (int step = 0; step < batch.Steps; step++)
            {
                array.Values.AsSpan(((sample * batch.Steps) + step) * features, features).CopyTo(batch.Step(step).Column(sample));
            }
        }

        return batch;
    }

    /// <summary>The array of a batch.</summary>
    public static NDArray ToArray(this SequenceBatch batch)
    {
        var array = new NDArray([batch.BatchSize, .. batch.SampleShape.Axes.Select(axis => axis!.Value)]);
        int features = batch.Values.RowCount;
        for (int sample = 0; sample < batch.BatchSize; sample++)
        {
            for (int step = 0; step < batch.Steps; step++)
            {
                batch.Step(step).Column(sample).CopyTo(array.Values.AsSpan(((sample * batch.Steps) + step) * features));
            }
        }

        return array;
    }
}
