namespace Recurrent.Layers;

/// <summary>
/// Where the values of a batch go so that those which one product multiplies stand in columns, and the way back.
/// </summary>
internal sealed class EinsumLayout
{
    // For each place (shared, free, row, summed) where in the storage of the first sample it is; null where columns are so
    // already.
    private readonly int[]? places;
    private readonly int rows;
    private readonly int summed;
    private readonly int features;
    private readonly int batch;
    private readonly int columns;

    /// <summary>Finds the places.</summary>
    /// <param name="axes">The axes, all of them known.</param>
    /// <param name="labels">Labels of the array.</param>
    /// <param name="down">Labels of the axes that go into rows.</param>
    /// <param name="summed">Labels of axes along which values are summed.</param>
    /// <param name="features">Rows of the batch.</param>
    /// <param name="batch">Number of samples.</param>
    public EinsumLayout(EinsumAxes axes, string labels, string down, string summed, int features, int batch)
    {
        rows = axes.SizeOf(down);
        this.summed = axes.SizeOf(summed);
        this.features = features;
        this.batch = batch;
        int[] natural = axes.Places(labels, axes.Shared + axes.Free + down + summed);
        columns = checked(natural.Length / rows / this.summed * batch);
        if (rows == features && this.summed == 1 && EinsumKernel.InOrder(natural) is null)
        {
            return;
        }

        places = natural;
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (places[i] / features * batch * features) + (places[i] % features);
        }
    }

    /// <summary>Room for the columns; null where those of the batch are they.</summary>
    public DenseMatrix? NewMatrix() => places is null ? null : new DenseMatrix(rows, columns);

    /// <summary>Brings values of a batch into columns, summed where they are to be.</summary>
    public void Gather(ReadOnlySpan<Real> values, Span<Real> gathered)
    {
        for (int column = 0; column < columns; column++)
        {
            int sample = column % batch * features;
            ReadOnlySpan<int> own = places.AsSpan(column / batch * rows * summed, rows * summed);
            Span<Real> to = gathered.Slice(column * rows, rows);
            for (int row = 0; row < rows; row++)
            {
                Real sum = 0;
                for (int i = 0; i < summed; i++)
                {
                    sum += values[own[(row * summed) + i] + sample];
                }

                to[row] = sum;
            }
        }
    }

    /// <summary>Brings columns to where they belong in a batch: the same value to all places that were summed.</summary>
    public void Scatter(ReadOnlySpan<Real> gathered, Span<Real> values)
    {
        for (int column = 0; column < columns; column++)
        {
            int sample = column % batch * features;
            ReadOnlySpan<int> own = places.AsSpan(column / batch * rows * summed, rows * summed);
            ReadOnlySpan<Real> from = gathered.Slice(column * rows, rows);
            for (int row = 0; row < rows; row++)
            {
                for (int i = 0; i < summed; i++)
                {
                    values[own[(row * summed) + i] + sample] = from[row];
                }
            }
        }
    }
}
