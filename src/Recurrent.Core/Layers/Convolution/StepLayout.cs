using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Where a sample has its steps: (timesteps, features), or, channels first, (channels, timesteps).</summary>
internal static class StepLayout
{
    /// <summary>Steps and channels of a sample.</summary>
    /// <param name="layer">The layer that takes it, for messages.</param>
    /// <param name="sample">Its shape.</param>
    /// <param name="stepsAreLast">Whether it is (channels, timesteps).</param>
    /// <exception cref="ShapeException">The sample is not a sequence of vectors, or its channels are not known.</exception>
    public static (int? Steps, int Channels) Of(Layer layer, Shape sample, bool stepsAreLast)
    {
        ArgumentNullException.ThrowIfNull(sample);
        string axes = stepsAreLast ? "channels, timesteps" : "timesteps, features";
        if (sample.Rank != 2)
        {
            throw new ShapeException(
                layer.Introduction,
                $"input of rank 3 (batch, {axes})",
                sample,
                sample.Rank == 1
                    ? $"Reshape the data to (samples, {axes}), or set returnSequences: true on the recurrent layer before it."
                    : $"Reshape the data to (samples, {axes}).");
        }

        (int? steps, int? channels) = stepsAreLast ? (sample[1], sample[0]) : (sample[0], sample[1]);
        return channels is int known ? (steps, known) : throw new ShapeException(
            layer.Introduction,
            $"input whose {(stepsAreLast ? "first axis (channels)" : "last axis (features)")} is known",
            sample,
            "Give the length of that axis in inputShape.");
    }

    /// <summary>Shape of a sample.</summary>
    /// <param name="steps">Number of steps, where it is known.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="stepsAreLast">Whether it is (channels, timesteps).</param>
    public static Shape Sample(int? steps, int channels, bool stepsAreLast) =>
        stepsAreLast ? new(channels, steps) : new(steps, channels);

    /// <summary>Swaps the two axes of each sample: rows become blocks of columns, and blocks of columns rows.</summary>
    /// <param name="from">One axis down, (other axis, batch) across.</param>
    /// <param name="to">The other axis down, (one axis, batch) across.</param>
    public static void Swap(ColumnBlock from, ColumnBlock to)
    {
        int batch = from.ColumnCount / to.Rows;
        for (int column = 0; column < from.ColumnCount; column++)
        {
            int row = Math.DivRem(column, batch, out int sample);
            ReadOnlySpan<Real> values = from.Column(column);
            Span<Real> target = to.Values;
            for (int i = 0; i < values.Length; i++)
            {
                target[(((i * batch) + sample) * to.Rows) + row] = values[i];
            }
        }
    }
}
