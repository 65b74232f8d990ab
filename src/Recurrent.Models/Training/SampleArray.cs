using System.Numerics.Tensors;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// An array of samples, seen as what the layers work on: it copies samples into the columns of a matrix (features down,
/// (time, batch) across).
/// </summary>
internal sealed class SampleArray : Samples
{
    private readonly Memory<Real> values;
    private readonly int features;
    private readonly int steps;
    private readonly int stride;
    private readonly int offset;

    /// <summary>Looks at an array; the first axis counts samples, the others are those of
    /// <paramref name="sampleShape"/>.</summary>
    public SampleArray(NDArray array, Shape sampleShape)
        : this(array.Values, array.Shape[0], sampleShape)
    {
    }

    private SampleArray(Memory<Real> values, int count, Shape sampleShape)
        : base(count, sampleShape)
    {
        this.values = values;
        features = sampleShape.Features;
        steps = sampleShape.Steps;
        stride = steps * features;
    }

    /// <summary>Some steps of another array's samples.</summary>
    private SampleArray(SampleArray whole, int firstStep, Shape sampleShape)
        : this(whole.values, whole.Count, sampleShape)
    {
        stride = whole.stride;
        offset = whole.offset + (firstStep * (whole.stride / whole.SampleShape[0]!.Value));
    }

    /// <summary>The values, sample after sample.</summary>
    public ReadOnlySpan<Real> Values => values.Span[..(Count * steps * features)];

    /// <inheritdoc/>
    public override SampleArray Slice(int start, int count) =>
        new(values.Slice(start * steps * features, count * steps * features), count, SampleShape);

    /// <summary>Some steps of every sample, which are its first axis; the values are shared. Only <see cref="Gather"/> reads
    /// them.</summary>
    public SampleArray Window(int firstStep, int count) => new(this, firstStep, new([count, .. SampleShape.Axes.Skip(1)]));

    /// <inheritdoc/>
    public override (double Least, double Most) Range() =>
        (TensorPrimitives.Min<Real>(values.Span), TensorPrimitives.Max<Real>(values.Span));

    /// <inheritdoc/>
    public override bool All(Func<Real, bool> holds)
    {
        foreach (Real value in values.Span)
        {
            if (!holds(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Gather(ReadOnlySpan<int> samples, DenseMatrix target, bool paddingBehind = false)
    {
        Span<Real> columns = target.Values;
        int batch = samples.Length;
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<Real> sample = values.Span.Slice((samples[b] * stride) + offset, steps * features);
            if (features == 1)
            {
                for (int t = 0; t < steps; t++)
                {
                    columns[(t * batch) + b] = sample[t];
                }
            }
            else
            {
                for (int t = 0; t < steps; t++)
                {
                    sample.Slice(t * features, features).CopyTo(columns[(((t * batch) + b) * features)..]);
                }
            }
        }
    }
}
