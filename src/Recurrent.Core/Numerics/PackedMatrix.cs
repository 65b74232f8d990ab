namespace Recurrent.Numerics;

/// <summary>
/// The left operand of products that share it: weights, re-laid once per optimizer step and then read by all time steps
/// and all workers.
/// </summary>
/// <remarks>
/// Taking a source only notes it down. Its panels are laid out when a product first asks for them, by all the threads that ask at
/// the same time, so an operand that no product asks for (that of a backward pass, where a model only predicts) costs nothing. From then
/// on products only read: any number of threads may multiply by one packed matrix.
/// </remarks>
public sealed unsafe class PackedMatrix
{
    private readonly int size;
    private AlignedBuffer? panels;

    // What the panels are to hold; they do not hold it yet while this is outstanding.
    private DenseMatrix? source;
    private int sourceRow;
    private bool transposed;
    private volatile bool outstanding;
    private int taken;
    private int laid;

    /// <summary>An operand of the given size, of zeros. Its memory is allocated when it is first packed or read.</summary>
    /// <param name="rows">Rows of the operand as used in the product.</param>
    /// <param name="columns">Columns of the operand as used in the product.</param>
    public PackedMatrix(int rows, int columns)
        : this(rows, columns, Widths.For(rows))
    {
    }

    /// <summary>An operand that kernels of a given register width will read.</summary>
    internal PackedMatrix(int rows, int columns, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Rows = rows;
        Columns = columns;
        Width = width;
        size = checked(Panels.Padded(rows, width) * columns);
    }

    /// <summary>Rows of the operand.</summary>
    public int Rows { get; }

    /// <summary>Columns of the operand.</summary>
    public int Columns { get; }

    /// <summary>Values in the registers of the kernels this is laid out for.</summary>
    internal int Width { get; }

    /// <summary>The panels, one after the other.</summary>
    internal AlignedBuffer Buffer
    {
        get
        {
            if (outstanding)
            {
                LayOut();
            }

            return Allocated();
        }
    }

    /// <summary>Takes <paramref name="source"/> as the operand.</summary>
    /// <param name="source">A matrix of <see cref="Rows"/> × <see cref="Columns"/>; it must stay as it is until the next product.</param>
    public void Pack(DenseMatrix source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.RowCount, Rows);
        Pack(source, 0);
    }

    /// <summary>Takes a band of rows of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">A matrix of <see cref="Columns"/> columns; it must stay as it is until the next product.</param>
    /// <param name="firstRow">The row of <paramref name="source"/> that becomes row 0 of the operand.</param>
    public void Pack(DenseMatrix source, int firstRow)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.ColumnCount, Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, source.RowCount - Rows);
        Take(source, firstRow, isTransposed: false);
    }

    /// <summary>Takes the transpose of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">A matrix of <see cref="Columns"/> × <see cref="Rows"/>; it must stay as it is until the next product.</param>
    public void PackTransposed(DenseMatrix source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.RowCount, Columns);
        PackTransposed(source, 0);
    }

    /// <summary>Takes the transpose of a band of rows of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">A matrix of <see cref="Rows"/> columns; it must stay as it is until the next product.</param>
    /// <param name="firstRow">The row of <paramref name="source"/> that becomes column 0 of the operand.</param>
    public void PackTransposed(DenseMatrix source, int firstRow)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.ColumnCount, Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, source.RowCount - Columns);
        Take(source, firstRow, isTransposed: true);
    }

    private void Take(DenseMatrix newSource, int firstRow, bool isTransposed)
    {
        source = newSource;
        sourceRow = firstRow;
        transposed = isTransposed;
        taken = 0;
        laid = 0;
        outstanding = true;
    }

    private AlignedBuffer Allocated()
    {
        if (Volatile.Read(ref panels) is { } buffer)
        {
            return buffer;
        }

        AlignedBuffer made = new(size);
        return Interlocked.CompareExchange(ref panels, made, null) ?? made;
    }

    /// <summary>Lays out panels until there are none left to take, and waits for those that other threads have taken.</summary>
    private void LayOut()
    {
        AlignedBuffer target = Allocated();
        fixed (Real* first = source!.Values)
        {
            Widths.Dispatch(new LayOutJob(first + sourceRow, source.RowCount, this, target.Start), Width);
        }

        var wait = default(SpinWait);
        while (outstanding)
        {
            // A panel is a matter of microseconds, so never sleep; but let a thread that was interrupted in one go on.
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private readonly struct LayOutJob(Real* source, int stride, PackedMatrix target, Real* panel) : IWidthJob
    {
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            Real* to = panel;
            int rows = target.Rows;
            int depth = target.Columns;
            int vectorsLeft = Panels.Padded(rows, TLane.Count) / TLane.Count;
            int index = 0;
            int done = 0;
            int mine = target.TakePanel();
            for (int row = 0; row < rows; index++)
            {
                int vectors = Panels.NextVectors(vectorsLeft);
                int height = vectors * TLane.Count;
                if (index == mine)
                {
                    LayOut<TLane, TVector>(row, vectors, Math.Min(height, rows - row), depth, to);
                    done++;
                    mine = target.TakePanel();
                }

                to += (nint)height * depth;
                row += height;
                vectorsLeft -= vectors;
            }

            if (done > 0 && Interlocked.Add(ref target.laid, done) == index)
            {
                target.outstanding = false;
            }
        }

        private void LayOut<TLane, TVector>(int row, int vectors, int rowsHere, int depth, Real* to)
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            if (target.transposed)
            {
                PanelPacking<TLane, TVector>.CopyTransposed(source + ((nint)row * stride), stride, vectors, rowsHere, depth, to);
            }
            else
            {
                int lastCount = rowsHere - ((vectors - 1) * TLane.Count);
                PanelPacking<TLane, TVector>.Copy(source + row, stride, vectors, lastCount, depth, to);
            }
        }
    }

    private int TakePanel() => Interlocked.Increment(ref taken) - 1;
}
