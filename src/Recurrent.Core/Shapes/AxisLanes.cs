namespace Recurrent.Shapes;

/// <summary>
/// The entries of a batch taken along one of its axes: each lane is what stands along it, at one place of all others. Lanes are
/// counted as the entries of the batch are with that axis left out, so lane <c>i</c> belongs to entry <c>i</c> of an array that
/// lacks it.
/// </summary>
internal readonly record struct AxisLanes
{
    private readonly int outer;
    private readonly int samples;
    private readonly int sampleStride;

    private AxisLanes(int outer, int length, int inner, int samples, int sampleStride)
    {
        this.outer = outer;
        Length = length;
        Stride = inner;
        this.samples = samples;
        this.sampleStride = sampleStride;
    }

    /// <summary>Number of entries of a lane.</summary>
    public int Length { get; }

    /// <summary>How far its entries lie from each other.</summary>
    public int Stride { get; }

    /// <summary>Number of lanes.</summary>
    public int Count => outer * Stride;

    /// <summary>Lanes of a batch that is laid out as columns: (steps, samples, features).</summary>
    /// <param name="sample">Shape of a sample; every axis known.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="axis">The axis, 0 being the samples and −1 the features.</param>
    public static AxisLanes OfColumns(Shape sample, int samples, int axis)
    {
        int index = Index(axis, sample.Rank + 1);
        int last = sample.Rank - 1;
        int rows = sample.Features;
        int steps = 1;
        int before = 1;
        for (int i = 0; i < last; i++)
        {
            before *= i < index - 1 ? sample[i]!.Value : 1;
            steps *= sample[i]!.Value;
        }

        return index == 0 ? new(steps, samples, rows, samples, rows)
            : index == sample.Rank ? new(steps * samples, rows, 1, samples, rows)
            : new(before, sample[index - 1]!.Value, steps / before / sample[index - 1]!.Value * samples * rows, samples, rows);
    }

    /// <summary>Lanes of a batch that is laid out row by row, one sample after the other.</summary>
    /// <param name="shape">Shape of the batch, samples included.</param>
    /// <param name="axis">The axis.</param>
    public static AxisLanes OfArray(IReadOnlyList<int> shape, int axis)
    {
        int index = Index(axis, shape.Count);
        int before = 1;
        int size = 1;
        for (int i = 0; i < shape.Count; i++)
        {
            before *= i < index ? shape[i] : 1;
            size *= shape[i];
        }

        int length = shape[index];
        return new(before, length, length == 0 ? 0 : size / before / length, shape[0], shape[0] == 0 ? 1 : size / shape[0]);
    }

    /// <summary>Which axis a number means, counted from the front; requires one that exists.</summary>
    /// <param name="axis">The number, below 0 counted from behind.</param>
    /// <param name="rank">Number of axes, samples included.</param>
    public static int Index(int axis, int rank) =>
        axis >= -rank && axis < rank ? (axis + rank) % rank : throw new ArgumentOutOfRangeException(nameof(axis), axis, null);

    /// <summary>Where the first entry of a lane stands.</summary>
    /// <param name="lane">The lane.</param>
    public int Start(int lane) => (lane / Stride * Length * Stride) + (lane % Stride);

    /// <summary>The sample that an entry belongs to.</summary>
    /// <param name="entry">Where the entry stands.</param>
    public int SampleOf(int entry) => entry / sampleStride % samples;
}
