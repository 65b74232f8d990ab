using System.Numerics.Tensors;
using Recurrent.Layers;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>
/// Samples of unequal length. Each batch is as long as its longest sample, rounded up to one of a few lengths, so that a few sets
/// of buffers serve all batches. Padding stands before the data: the last step of every sample is the last of the batch.
/// </summary>
internal sealed class RaggedSamples : Samples
{
    private readonly Memory<NDArray> items;
    private readonly PaddedLengths lengths;

    /// <summary>Looks at sequences.</summary>
    /// <param name="items">The sequences; the first axis of each counts its steps.</param>
    /// <param name="sampleShape">Shape of a sample; its first axis is unknown. A shape without another axis is one of
    /// ids.</param>
    public RaggedSamples(Memory<NDArray> items, Shape sampleShape)
        : base(items.Length, sampleShape)
    {
        this.items = items;
        var own = new int[items.Length];
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = items.Span[i].Shape[0];
        }

        lengths = new PaddedLengths(own);
    }

    public override bool IsRagged => true;

    /// <summary>The sequences.</summary>
    public ReadOnlySpan<NDArray> Items => items.Span;

    /// <summary>The lengths to which batches are padded, shortest first.</summary>
    public IReadOnlyList<int> LengthClasses => lengths.Choices;

    /// <summary>To which of them a batch is padded.</summary>
    /// <param name="samples">The batch.</param>
    public int LengthClassOf(ReadOnlySpan<int> samples)
    {
        int longest = 0;
        foreach (int sample in samples)
        {
            longest = Math.Max(longest, items.Span[sample].Shape[0]);
        }

        return lengths.ClassOf(longest);
    }

    public override (double Least, double Most) Range()
    {
        (double least, double most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (NDArray item in items.Span)
        {
            least = Math.Min(least, TensorPrimitives.Min<Real>(item.Values));
            most = Math.Max(most, TensorPrimitives.Max<Real>(item.Values));
        }

        return (least, most);
    }

    public override bool All(Func<Real, bool> holds)
    {
        foreach (NDArray item in items.Span)
        {
            if (!Array.TrueForAll(item.Values, value => holds(value)))
            {
                return false;
            }
        }

        return true;
    }

    public override void Gather(ReadOnlySpan<int> samples, DenseMatrix target, bool paddingBehind = false)
    {
        // Ids have no axis of features: a sample is one column, its steps are down.
        bool ofIds = SampleShape.Rank == 1;
        int features = ofIds ? 1 : SampleShape.Features;
        Span<Real> values = target.Values;
        int batch = samples.Length;
        int room = values.Length / batch / features;
        values.Clear();
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<Real> sample = items.Span[samples[b]].Values;
            int count = sample.Length / features;
            int first = paddingBehind ? 0 : room - count;
            if (ofIds)
            {
                sample.CopyTo(values[((b * room) + first)..]);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                sample.Slice(i * features, features).CopyTo(values[((((first + i) * batch) + b) * features)..]);
            }
        }
    }

    public override RaggedSamples Slice(int start, int count) => new(items.Slice(start, count), SampleShape);

    public override bool FindPadding(ReadOnlySpan<int> samples, Padding padding, int steps)
    {
        bool any = false;
        for (int b = 0; b < samples.Length; b++)
        {
            padding.Counts[b] = steps - items.Span[samples[b]].Shape[0];
            any |= padding.Counts[b] > 0;
        }

        return any;
    }

    public override int[] InOrder()
    {
        int[] order = base.InOrder();
        int[] keys = Array.ConvertAll(order, sample => items.Span[sample].Shape[0]);
        return SortedBy(order, keys);
    }

    public override void Arrange(Span<int> order, int batchSize, SeededRandom random)
    {
        int[] shuffled = order.ToArray();
        int[] sorted = SortedBy(shuffled, Array.ConvertAll(shuffled, sample => lengths.RoundUp(items.Span[sample].Shape[0])));

        // The batch that is smaller, if there is one, comes from a random place, and runs last.
        int full = sorted.Length / batchSize;
        int rest = sorted.Length % batchSize;
        int cut = (rest == 0 ? full : random.NextInt(full + 1)) * batchSize;
        sorted.AsSpan(cut, rest).CopyTo(order[(full * batchSize)..]);
        var places = new int[full];
        for (int i = 0; i < full; i++)
        {
            places[i] = (i * batchSize) + (i * batchSize < cut ? 0 : rest);
        }

        random.Shuffle<int>(places);
        for (int i = 0; i < full; i++)
        {
            sorted.AsSpan(places[i], batchSize).CopyTo(order[(i * batchSize)..]);
        }
    }

    /// <summary>Sorts samples by a key; those of equal keys stay in their order.</summary>
    private static int[] SortedBy(int[] samples, int[] keys)
    {
        int[] places = [.. Enumerable.Range(0, samples.Length)];
        return [.. places.OrderBy(place => keys[place]).Select(place => samples[place])];
    }
}
