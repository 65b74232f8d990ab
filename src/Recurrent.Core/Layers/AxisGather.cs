using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Where the values of a batch go so that those along some axes stand in one column, and the way back.</summary>
internal sealed class AxisGather
{
    // For each value of the gathered columns its place in the batch; null where they are in place already.
    private readonly int[]? places;

    private AxisGather(int rows, int columns, int[]? places)
    {
        Rows = rows;
        Columns = columns;
        this.places = places;
    }

    /// <summary>Length of a gathered column.</summary>
    public int Rows { get; }

    /// <summary>Number of channels in a column, where columns are groups of channels.</summary>
    public int Channels { get; private init; } = 1;

    /// <summary>Number of gathered columns.</summary>
    public int Columns { get; }

    /// <summary>Whether the columns of the batch are the gathered ones.</summary>
    public bool IsInPlace => places is null;

    /// <summary>
    /// Puts the values along some axes into one column, in row-major order, for each place along the others and each sample.
    /// </summary>
    /// <param name="input">Shape of a sample; every axis known.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="axes">The axes, as places in the shape.</param>
    public static AxisGather Along(Shape input, int batch, IReadOnlyList<int> axes)
    {
        int rows = axes.Aggregate(1, (product, axis) => checked(product * input[axis]!.Value));
        int columns = checked(input.Size / rows * batch);
        return axes.Count == 1 && axes[0] == input.Rank - 1
            ? new(rows, columns, null)
            : new(rows, columns, PlacesAlong(input, batch, axes, rows));
    }

    /// <summary>
    /// Puts the values of a group of channels into one column: channel after channel, and for each all places along the other
    /// axes.
    /// </summary>
    /// <param name="input">Shape of a sample; every axis known.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <param name="groups">Number of groups.</param>
    public static AxisGather Groups(Shape input, int batch, int axis, int groups)
    {
        int channels = input[axis]!.Value;
        int others = input.Size / channels;
        int size = channels / groups;
        var places = new int[checked(input.Size * batch)];
        int features = input.Features;
        int after = 1;
        for (int i = axis + 1; i < input.Rank; i++)
        {
            after *= input[i]!.Value;
        }

        for (int place = 0; place < input.Size; place++)
        {
            int channel = place / after % channels;
            int other = (place / after / channels * after) + (place % after);
            int row = (channel % size * others) + other;
            for (int sample = 0; sample < batch; sample++)
            {
                int column = (place / features * batch) + sample;
                places[((((sample * groups) + (channel / size)) * size) * others) + row] = (column * features)
                    + (place % features);
            }
        }

        return new(size * others, groups * batch, places) { Channels = size };
    }

    /// <summary>Room for gathered columns.</summary>
    public DenseMatrix NewMatrix() => new(Rows, Columns);

    /// <summary>Where a value of the gathered columns is in the batch.</summary>
    /// <param name="index">Its index among them.</param>
    public int PlaceOf(int index) => places is null ? index : places[index];

    /// <summary>Brings values of the batch into gathered columns.</summary>
    public void Gather(ReadOnlySpan<Real> values, Span<Real> gathered)
    {
        for (int i = 0; i < gathered.Length; i++)
        {
            gathered[i] = values[places![i]];
        }
    }

    /// <summary>Brings values of gathered columns to where they belong in the batch.</summary>
    public void Scatter(ReadOnlySpan<Real> gathered, Span<Real> values)
    {
        for (int i = 0; i < gathered.Length; i++)
        {
            values[places![i]] = gathered[i];
        }
    }

    private static int[] PlacesAlong(Shape input, int batch, IReadOnlyList<int> axes, int rows)
    {
        var places = new int[checked(input.Size * batch)];
        int features = input.Features;
        int groups = input.Size / rows;
        for (int place = 0; place < input.Size; place++)
        {
            // The place in a row-major sample, split into that along the axes and that along the others.
            int row = 0;
            int group = 0;
            int rowStride = 1;
            int groupStride = 1;
            int rest = place;
            for (int axis = input.Rank - 1; axis >= 0; axis--)
            {
                int length = input[axis]!.Value;
                if (axes.Contains(axis))
                {
                    row += rest % length * rowStride;
                    rowStride *= length;
                }
                else
                {
                    group += rest % length * groupStride;
                    groupStride *= length;
                }

                rest /= length;
            }

            for (int sample = 0; sample < batch; sample++)
            {
                int column = ((place / features) * batch) + sample;
                places[(((sample * groups) + group) * rows) + row] = (column * features) + (place % features);
            }
        }

        return places;
    }
}
