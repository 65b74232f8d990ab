using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// What flows between layers: a batch of samples as one matrix, features down, (time, batch) across. Column
/// <c>t · batch + b</c> is what sample b holds at step t, so a time step is a contiguous block of columns.
/// </summary>
/// <remarks>
/// A sample of more axes than two is laid out likewise: rows are its last axis, and its other axes, slowest first, take the place
/// of time. A sample that is a plain vector has one step.
/// </remarks>
public sealed class SequenceBatch
{
    /// <summary>Allocates a batch of zeros.</summary>
    /// <param name="sampleShape">Shape of a sample; every axis known.</param>
    /// <param name="batchSize">Number of samples.</param>
    /// <exception cref="ArgumentException">They are larger than an array can be.</exception>
    public SequenceBatch(Shape sampleShape, int batchSize)
        : this(sampleShape, batchSize, Room(NotNull(sampleShape), batchSize))
    {
    }

    /// <summary>Looks at a matrix as a batch; the values are shared.</summary>
    /// <param name="sampleShape">Shape of a sample; every axis known.</param>
    /// <param name="batchSize">Number of samples.</param>
    /// <param name="values">The matrix: features × (steps · batch size).</param>
    public SequenceBatch(Shape sampleShape, int batchSize, DenseMatrix values)
    {
        SampleShape = sampleShape;
        BatchSize = batchSize;
        Values = values;
        Steps = NotNull(sampleShape).Steps;
    }

    /// <summary>Shape of a sample, without the batch axis.</summary>
    public Shape SampleShape { get; }

    /// <summary>Number of samples.</summary>
    public int BatchSize { get; }

    /// <summary>Number of blocks of columns: the time steps of a sequence, 1 for a vector.</summary>
    public int Steps { get; }

    /// <summary>The matrix: features × (steps · batch size).</summary>
    public DenseMatrix Values { get; }

    /// <summary>
    /// Which columns hold data (true) and which hold padding (false); null where all hold data. Laid out as the columns of
    /// <see cref="Values"/>.
    /// </summary>
    /// <exception cref="ArgumentException">It has not one entry for each column.</exception>
    public bool[]? Mask
    {
        get;
        set => field = value is null || value.Length == Values.ColumnCount ? value : throw new ArgumentException(
            $"The mask has {value.Length} entries, but the batch of {BatchSize} samples {SampleShape} has {Values.ColumnCount} "
            + $"columns, one for each step of each sample: entry t · {BatchSize} + b tells of step t of sample b.",
            nameof(value));
    }

    /// <summary>Which steps are there only because samples are of unequal length; null where there are none.</summary>
    internal Padding? Padding { get; set; }

    /// <summary>
    /// What is left of the mask behind a layer that drops masks, as some of Keras's do: that padding is no step of anything.
    /// </summary>
    /// <param name="room">Room for it, made where there is none yet.</param>
    /// <returns>Which columns are no padding; null where there is none.</returns>
    internal bool[]? PaddingMask(ref bool[]? room)
    {
        if (Padding is null)
        {
            return null;
        }

        room ??= new bool[Values.ColumnCount];
        Array.Fill(room, true);
        Padding.Hide(room);
        return room;
    }

    /// <summary>What all samples hold at one step.</summary>
    /// <param name="t">The step.</param>
    public ColumnBlock Step(int t) => new(Values, t * BatchSize, BatchSize);

    /// <summary>The batch that an array holds.</summary>
    /// <param name="array">Values of shape (batch, …, features); copied.</param>
    /// <exception cref="ArgumentException">The array has no axis beside that of samples.</exception>
    public static SequenceBatch FromArray(NDArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array.Rank < 2)
        {
            throw new ArgumentException($"The array has shape {NDArray.Describe(array.Shape)}; its first axis must count "
                + "samples and at least one more must follow.", nameof(array));
        }

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

    /// <summary>The values as an array of shape (batch, …, features).</summary>
    public NDArray ToArray()
    {
        var array = new NDArray([BatchSize, .. SampleShape.Axes.Select(axis => axis!.Value)]);
        int features = Values.RowCount;
        for (int sample = 0; sample < BatchSize; sample++)
        {
            for (int step = 0; step < Steps; step++)
            {
                Step(step).Column(sample).CopyTo(array.Values.AsSpan(((sample * Steps) + step) * features));
            }
        }

        return array;
    }

    /// <summary>The tokens whose rows of a table the columns are; null where that is not known.</summary>
    internal TokenLookup? Lookup { get; set; }

    /// <summary>Each sample as often in a row as makes so many.</summary>
    /// <param name="batchSize">A multiple of the number of samples.</param>
    internal SequenceBatch Repeated(int batchSize)
    {
        int times = batchSize / BatchSize;
        return times == 1 ? this : Choose([.. Enumerable.Range(0, batchSize).Select(sample => sample / times)]);
    }

    /// <summary>Some of the samples, each as often as it is named.</summary>
    /// <param name="samples">Which, in any order.</param>
    internal SequenceBatch Choose(int[] samples)
    {
        var chosen = new SequenceBatch(SampleShape, samples.Length);
        (ColumnBlock from, ColumnBlock to) = (Values, chosen.Values);
        bool[]? mask = Mask is null ? null : new bool[to.ColumnCount];
        for (int column = 0; column < to.ColumnCount; column++)
        {
            int step = Math.DivRem(column, samples.Length, out int place);
            int source = (step * BatchSize) + samples[place];
            from.Column(source).CopyTo(to.Column(column));
            if (mask is not null)
            {
                mask[column] = Mask![source];
            }
        }

        chosen.Mask = mask;
        chosen.Padding = Padding?.Choose(samples);
        return chosen;
    }

    private static DenseMatrix Room(Shape sample, int batchSize)
    {
        _ = ArraySize.Of(
            $"A batch of {batchSize} samples of shape {sample}", "Use a smaller batchSize.", nameof(batchSize), sample.Steps,
                sample.Features, batchSize);
        return new DenseMatrix(sample.Features, sample.Steps * batchSize);
    }

    private static Shape NotNull(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape;
    }
}
