using System.Globalization;
using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// What a layer keeps of every step for the steps that follow, such as keys and values: parts of equally many steps, laid out
/// as all sequences are, and which of their columns hold data.
/// </summary>
/// <remarks>
/// Where it is full it doubles, so a step costs constant time in the mean, and nothing is allocated where there is room. Of a
/// layer that looks back a limited number of steps it drops what nobody will look at again, and so never keeps more than a
/// few times that number.
/// </remarks>
internal sealed class StepCache
{
    private const int LeastCapacity = 16;

    // Steps are dropped so many at a time, so that sums over those that are left have the order that they have over all.
    private const int DroppedTogether = 16;

    private readonly int[] rows;
    private readonly int batch;
    private readonly int? lookBack;
    private readonly DenseMatrix[] parts;
    private bool[] data;
    private bool hidesSome;
    private int newest;
    private Real[]? selected;
    private bool[]? selectedData;

    /// <summary>Makes room.</summary>
    /// <param name="rows">Rows of each part.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="capacity">For how many steps there is room at first; 0 for a few.</param>
    /// <param name="lookBack">How many steps behind the next one are looked at; null for all.</param>
    public StepCache(int[] rows, int batch, int capacity, int? lookBack)
    {
        this.rows = rows;
        this.batch = batch;
        this.lookBack = lookBack;
        MostSteps = Array.MaxLength / rows.Max() / batch;
        Capacity = Math.Min(Math.Max(capacity, LeastCapacity), MostSteps);
        if (lookBack < (Capacity / 2) - DroppedTogether)
        {
            Capacity = 2 * (lookBack.Value + DroppedTogether);
        }

        parts = Array.ConvertAll(rows, NewPart);
        data = new bool[Capacity * batch];
    }

    /// <summary>Number of steps that are kept, the newest included.</summary>
    public int Count { get; private set; }

    /// <summary>For how many steps there is room.</summary>
    public int Capacity { get; private set; }

    /// <summary>The most steps there can be: their values must fit in arrays.</summary>
    public int MostSteps { get; }

    /// <summary>Which columns hold data; null where all do. It may be longer than there are columns.</summary>
    public bool[]? Mask => hidesSome ? data : null;

    /// <summary>Whether so many steps more can be taken.</summary>
    public bool HasRoomFor(int steps) => steps <= MostSteps - Kept;

    /// <summary>Number of steps that may still be looked at, and a few more.</summary>
    private int Kept => Count > lookBack ? Count - ((Count - lookBack.Value) / DroppedTogether * DroppedTogether) : Count;

    /// <summary>One of the parts: rows × (steps · samples), with room behind them.</summary>
    public DenseMatrix this[int part] => parts[part];

    /// <summary>Forgets all steps; the room stays.</summary>
    public void Clear()
    {
        Count = 0;
        hidesSome = false;
    }

    /// <summary>Takes the next steps, whose parts are to be written to <see cref="Newest"/>.</summary>
    /// <param name="steps">Number of steps.</param>
    /// <param name="mask">Which of their columns hold data; null where all do.</param>
    /// <exception cref="InvalidOperationException">There would be more steps than arrays can hold.</exception>
    public void Extend(int steps, bool[]? mask)
    {
        if (steps > Capacity - Count)
        {
            MakeRoom(steps);
        }

        newest = steps;
        Count += steps;
        Span<bool> target = data.AsSpan((Count - steps) * batch, steps * batch);
        if (mask is null)
        {
            target.Fill(true);
        }
        else
        {
            mask.AsSpan(0, target.Length).CopyTo(target);
            hidesSome |= target.Contains(false);
        }
    }

    /// <summary>The newest steps of a part.</summary>
    public ColumnBlock Newest(int part) => new(parts[part], (Count - newest) * batch, newest * batch);

    /// <summary>
    /// A part of the steps that will be looked at, shape (samples, steps, rows); a part more are the columns that hold data, of
    /// one row.
    /// </summary>
    public NDArray Read(int part)
    {
        int kept = Kept;
        int first = Count - kept;
        int size = part < parts.Length ? rows[part] : 1;
        var array = new NDArray([batch, kept, size]);
        for (int sample = 0; sample < batch; sample++)
        {
            for (int step = 0; step < kept; step++)
            {
                int column = ((first + step) * batch) + sample;
                Span<Real> target = array.Values.AsSpan(((sample * kept) + step) * size, size);
                if (part < parts.Length)
                {
                    ((ColumnBlock)parts[part]).Column(column).CopyTo(target);
                }
                else
                {
                    target[0] = data[column] ? 1 : 0;
                }
            }
        }

        return array;
    }

    /// <summary>Takes what <see cref="Read"/> has given, in place of what is there.</summary>
    /// <param name="arrays">Each part, and last the columns that hold data.</param>
    public void Write(ReadOnlySpan<NDArray> arrays)
    {
        Clear();
        int steps = arrays[0].Shape[1];
        Extend(steps, mask: null);
        for (int part = 0; part < arrays.Length; part++)
        {
            int size = part < parts.Length ? rows[part] : 1;
            for (int column = 0; column < steps * batch; column++)
            {
                int step = Math.DivRem(column, batch, out int sample);
                ReadOnlySpan<Real> source = arrays[part].Values.AsSpan(((sample * steps) + step) * size, size);
                if (part < parts.Length)
                {
                    source.CopyTo(((ColumnBlock)parts[part]).Column(column));
                }
                else
                {
                    data[column] = source[0] != 0;
                    hidesSome |= !data[column];
                }
            }
        }
    }

    /// <summary>Gives each sample the steps that another one has: sample i those of <c>samples[i]</c>.</summary>
    /// <param name="samples">For each sample, the one whose steps it gets.</param>
    public void Select(ReadOnlySpan<int> samples)
    {
        int kept = Kept;
        for (int part = 0; part < parts.Length; part++)
        {
            int size = rows[part];
            Real[] values = parts[part].Values;
            for (int step = Count - kept; step < Count; step++)
            {
                Choose(values.AsSpan(step * batch * size, batch * size), samples, size,
                    selected ??= new Real[rows.Max() * batch]);
            }
        }

        if (hidesSome)
        {
            selectedData ??= new bool[batch];
            for (int step = Count - kept; step < Count; step++)
            {
                Choose(data.AsSpan(step * batch, batch), samples, 1, selectedData);
            }
        }
    }

    private static void Choose<T>(Span<T> columns, ReadOnlySpan<int> samples, int size, T[] room)
    {
        columns.CopyTo(room);
        for (int i = 0; i < samples.Length; i++)
        {
            if (samples[i] != i)
            {
                room.AsSpan(samples[i] * size, size).CopyTo(columns[(i * size)..]);
            }
        }
    }

    private void MakeRoom(int steps)
    {
        int kept = Kept;
        if (!HasRoomFor(steps))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{kept + (long)steps} steps of {batch} sequences are more than an array holds. Reset the session, or take "
                + $"fewer sequences."));
        }

        int first = (Count - kept) * batch;
        bool grows = kept + steps > Capacity || kept > Capacity / 2;
        if (grows)
        {
            Capacity = (int)Math.Min(Math.Max(2L * Capacity, kept + steps), MostSteps);
        }

        for (int part = 0; part < parts.Length; part++)
        {
            DenseMatrix target = grows ? NewPart(rows[part]) : parts[part];
            new ColumnBlock(parts[part], first, kept * batch).Values.CopyTo(target.Values);
            parts[part] = target;
        }

        bool[] mask = grows ? new bool[Capacity * batch] : data;
        data.AsSpan(first, kept * batch).CopyTo(mask);
        data = mask;
        Count = kept;
    }

    private DenseMatrix NewPart(int size) => new(size, Capacity * batch);
}
