using Recurrent.Random;

namespace Recurrent.Data;

/// <summary>The rows of a <see cref="RowSource"/> as batches of samples, read as they are asked for.</summary>
public sealed class RowBatches
{
    private readonly RowSource source;
    private readonly int[] columns;
    private readonly RowLayout layout;

    internal RowBatches(RowSource source, int[] columns, RowLayout layout)
    {
        this.source = source;
        this.columns = columns;
        this.layout = layout;
    }

    /// <summary>Samples to a batch; the last one of a pass may have fewer.</summary>
    public int BatchSize => layout.BatchSize;

    /// <summary>A pass over all batches.</summary>
    /// <param name="pass">Its index, which chooses the order of the samples.</param>
    /// <param name="skip">Batches at the beginning that are passed over; their rows are not looked at.</param>
    public IEnumerable<RowBatch> Read(long pass = 0, long skip = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pass);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        return ReadPass(pass, skip);
    }

    private IEnumerable<RowBatch> ReadPass(long pass, long skip)
    {
        using RowReader reader = source.Open(columns);
        int window = Math.Max(layout.ShuffleWindow, 1);
        long first = skip * layout.BatchSize;
        long block = first / window;
        if (reader.Skip(block * window) < block * window)
        {
            yield break;
        }

        var samples = new RowSamples(reader, layout, columns.Length);
        var batch = new BatchRoom(layout);
        if (layout.ShuffleWindow == 0)
        {
            while (samples.Next(batch.Room))
            {
                if (batch.Add())
                {
                    yield return batch.Take();
                }
            }
        }
        else
        {
            int passed = (int)(first % window);
            var held = new Real[window * layout.SampleSize];
            var order = new int[window];
            for (int count = window; count == window; block++)
            {
                count = 0;
                while (count < window && samples.Next(held.AsSpan(count * layout.SampleSize, layout.SampleSize)))
                {
                    count++;
                }

                Shuffle(order.AsSpan(0, count), pass, block);
                for (int i = Math.Min(passed, count); i < count; i++)
                {
                    held.AsSpan(order[i] * layout.SampleSize, layout.SampleSize).CopyTo(batch.Room);
                    if (batch.Add())
                    {
                        yield return batch.Take();
                    }
                }

                passed = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return batch.Take();
        }
    }

    private void Shuffle(Span<int> order, long pass, long block)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        ulong key = SeededRandom.Key((ulong)layout.Seed ^ 0x524F5753UL, (ulong)pass);
        new SeededRandom(SeededRandom.Key(key, (ulong)block)).Shuffle<int>(order);
    }
}

/// <summary>A batch of samples made of rows.</summary>
/// <param name="X">The inputs, (samples, features) or (samples, timesteps, features).</param>
/// <param name="Y">The targets, (samples, targets); null where there are none.</param>
/// <param name="SampleWeight">The weights, (samples); null where there are none.</param>
public sealed record RowBatch(NDArray X, NDArray? Y, NDArray? SampleWeight);

/// <summary>How samples are made of rows. A sample is held as its inputs, then its targets, then its weight.</summary>
internal sealed record RowLayout(
    int Inputs, int Targets, bool Weighted, int BatchSize, int? Timesteps, int Ahead, int ShuffleWindow, int Seed)
{
    public int InputSize => (Timesteps ?? 1) * Inputs;

    public int SampleSize => InputSize + Targets + (Weighted ? 1 : 0);
}

/// <summary>Makes samples of rows; of those that lie in several samples, the last ones are held.</summary>
internal sealed class RowSamples
{
    private readonly RowReader reader;
    private readonly RowLayout layout;
    private readonly int width;
    private readonly int steps;
    private readonly Real[] ring;
    private long rows;

    public RowSamples(RowReader reader, RowLayout layout, int width)
    {
        this.reader = reader;
        this.layout = layout;
        this.width = width;
        steps = (layout.Timesteps ?? 1) + layout.Ahead;
        ring = new Real[steps * width];
    }

    /// <summary>Makes the next sample.</summary>
    /// <param name="sample">Receives it.</param>
    /// <returns>False where there are not rows enough for one.</returns>
    public bool Next(Span<Real> sample)
    {
        do
        {
            if (!reader.Read(Row(rows)))
            {
                return false;
            }

            rows++;
        }
        while (rows < steps);

        long first = rows - steps;
        int length = layout.Timesteps ?? 1;
        for (int step = 0; step < length; step++)
        {
            Row(first + step)[..layout.Inputs].CopyTo(sample[(step * layout.Inputs)..]);
        }

        // Targets, and the weight behind them.
        Row(rows - 1)[layout.Inputs..].CopyTo(sample[layout.InputSize..]);
        return true;
    }

    private Span<Real> Row(long index) => ring.AsSpan((int)(index % steps) * width, width);
}

/// <summary>A batch that is being filled.</summary>
internal sealed class BatchRoom(RowLayout layout)
{
    private readonly Real[] samples = new Real[layout.BatchSize * layout.SampleSize];

    /// <summary>Number of samples it has.</summary>
    public int Count { get; private set; }

    /// <summary>Room for the next sample.</summary>
    public Span<Real> Room => samples.AsSpan(Count * layout.SampleSize, layout.SampleSize);

    /// <summary>Counts the sample that was put into <see cref="Room"/>.</summary>
    /// <returns>Whether the batch is full.</returns>
    public bool Add() => ++Count == layout.BatchSize;

    /// <summary>Gives the batch away, and begins another one.</summary>
    public RowBatch Take()
    {
        int[] shape = layout.Timesteps is int steps ? [Count, steps, layout.Inputs] : [Count, layout.Inputs];
        var x = new NDArray(shape);
        NDArray? y = layout.Targets == 0 ? null : new NDArray([Count, layout.Targets]);
        NDArray? weights = layout.Weighted ? new NDArray([Count]) : null;
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<Real> sample = samples.AsSpan(i * layout.SampleSize, layout.SampleSize);
            sample[..layout.InputSize].CopyTo(x.Values.AsSpan(i * layout.InputSize));
            if (y is not null)
            {
                sample.Slice(layout.InputSize, layout.Targets).CopyTo(y.Values.AsSpan(i * layout.Targets));
            }

            if (weights is not null)
            {
                weights.Values[i] = sample[^1];
            }
        }

        Count = 0;
        return new(x, y, weights);
    }
}
