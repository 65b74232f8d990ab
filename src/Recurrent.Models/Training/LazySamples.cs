using System.Buffers;
using System.Numerics.Tensors;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Samples that are computed when a batch is put together. They are taken as they are read, so the memory they need is
/// that of a batch.</summary>
internal sealed class LazySamples : Samples
{
    private readonly LazyArray source;
    private readonly int first;
    private readonly int offset;
    private readonly int size;
    private readonly (double Least, double Most) range;

    /// <summary>Looks at an array.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="sampleShape">Shape of one.</param>
    /// <param name="range">The least and the greatest value there is.</param>
    public LazySamples(LazyArray source, Shape sampleShape, (double Least, double Most) range)
        : this(source, sampleShape, range, 0, source.Count, 0)
    {
    }

    private LazySamples(LazyArray source, Shape sampleShape, (double Least, double Most) range, int first, int count, int offset)
        : base(count, sampleShape)
    {
        this.source = source;
        this.range = range;
        this.first = first;
        this.offset = offset;
        size = sampleShape.Steps * sampleShape.Features;
    }

    /// <inheritdoc/>
    public override (double Least, double Most) Range() => range;

    /// <inheritdoc/>
    public override bool All(Func<Real, bool> holds)
    {
        var sample = new Real[source.SampleSize];
        for (int i = 0; i < Count; i++)
        {
            source.Read(first + i, sample);
            if (!Array.TrueForAll(sample, value => holds(value)))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Gather(ReadOnlySpan<int> samples, DenseMatrix target, bool paddingBehind = false)
    {
        Real[] rented = ArrayPool<Real>.Shared.Rent(source.SampleSize);
        Span<Real> whole = rented.AsSpan(0, source.SampleSize);
        ReadOnlySpan<Real> sample = whole.Slice(offset, size);
        Span<Real> columns = target.Values;
        int features = SampleShape.Features;
        int batch = samples.Length;
        for (int b = 0; b < batch; b++)
        {
            source.Read(first + samples[b], whole);
            for (int t = 0; t < sample.Length / features; t++)
            {
                sample.Slice(t * features, features).CopyTo(columns[(((t * batch) + b) * features)..]);
            }
        }

        ArrayPool<Real>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override LazySamples Slice(int start, int count) => new(source, SampleShape, range, first + start, count, offset);

    /// <summary>Some steps of every sample, which are its first axis.</summary>
    public LazySamples Window(int firstStep, int count) => new(
        source,
        new([count, .. SampleShape.Axes.Skip(1)]),
        range,
        first,
        Count,
        offset + (firstStep * (size / SampleShape[0]!.Value)));

    /// <summary>The samples written out.</summary>
    public SampleArray ToArray() => new(source.ToArray(first, Count), SampleShape);

    /// <summary>Reads every sample once, and refuses values that are not finite.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <param name="check">Looks at each sample, too; null for nothing more.</param>
    /// <returns>The least and the greatest value.</returns>
    public static (double Least, double Most) Check(LazyArray source, string argument, Action<int, NDArray>? check = null)
    {
        (double least, double most) = (double.PositiveInfinity, double.NegativeInfinity);
        var sample = new NDArray([1, .. source.Shape.Skip(1)]);
        for (int i = 0; i < source.Count; i++)
        {
            source.Read(i, sample.Values);
            if (!TensorPrimitives.IsFiniteAll<Real>(sample.Values))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Sample {i} of {argument} holds NaN or an infinite value. Fill or remove missing values before training or ")
                    + "predicting.", argument);
            }

            check?.Invoke(i, sample);
            least = Math.Min(least, TensorPrimitives.Min<Real>(sample.Values));
            most = Math.Max(most, TensorPrimitives.Max<Real>(sample.Values));
        }

        return (least, most);
    }
}
