namespace Recurrent.Numerics;

/// <summary>
/// The left operand of products that share it: weights, re-laid once per optimizer step and then read by all time steps
/// and all workers.
/// </summary>
/// <remarks>Packing writes; every other use only reads, so any number of threads may multiply by one packed matrix.</remarks>
public sealed unsafe class PackedMatrix
{
    private readonly int size;
    private AlignedBuffer? panels;

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
    internal AlignedBuffer Buffer => panels ??= new AlignedBuffer(size);

    /// <summary>Takes <paramref name="source"/> as the operand.</summary>
    /// <param name="source">A matrix of <see cref="Rows"/> × <see cref="Columns"/>.</param>
    public void Pack(DenseMatrix source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.RowCount, Rows);
        Pack(source, 0);
    }

    /// <summary>Takes a band of rows of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">A matrix of <see cref="Columns"/> columns.</param>
    /// <param name="firstRow">The row of <paramref name="source"/> that becomes row 0 of the operand.</param>
    public void Pack(DenseMatrix source, int firstRow)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.ColumnCount, Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, source.RowCount - Rows);
        fixed (Real* first = source.Values)
        {
            Widths.Dispatch(new PackJob(first + firstRow, source.RowCount, transposed: false, this), Width);
        }

        Buffer.KeepAlive();
    }

    /// <summary>Takes the transpose of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">A matrix of <see cref="Columns"/> × <see cref="Rows"/>.</param>
    public void PackTransposed(DenseMatrix source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.RowCount, Columns);
        PackTransposed(source, 0);
    }

    /// <summary>Takes the transpose of a band of rows of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">A matrix of <see cref="Rows"/> columns.</param>
    /// <param name="firstRow">The row of <paramref name="source"/> that becomes column 0 of the operand.</param>
    public void PackTransposed(DenseMatrix source, int firstRow)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.ColumnCount, Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, source.RowCount - Columns);
        fixed (Real* first = source.Values)
        {
            Widths.Dispatch(new PackJob(first + firstRow, source.RowCount, transposed: true, this), Width);
        }

        Buffer.KeepAlive();
    }

    private readonly struct PackJob(Real* source, int stride, bool transposed, PackedMatrix target) : IWidthJob
    {
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged
        {
            Real* panel = target.Buffer.Start;
            int rows = target.Rows;
            int depth = target.Columns;
            int vectorsLeft = Panels.Padded(rows, TLane.Count) / TLane.Count;
            for (int row = 0; row < rows;)
            {
                int vectors = Panels.NextVectors(vectorsLeft);
                int height = vectors * TLane.Count;
                int rowsHere = Math.Min(height, rows - row);
                if (transposed)
                {
                    PanelPacking<TLane, TVector>.CopyTransposed(
                        source + ((nint)row * stride), stride, vectors, rowsHere, depth, panel);
                }
                else
                {
                    int lastCount = rowsHere - height + TLane.Count;
                    PanelPacking<TLane, TVector>.Copy(source + row, stride, vectors, lastCount, depth, panel);
                }

                panel += (nint)height * depth;
                row += height;
                vectorsLeft -= vectors;
            }
        }
    }
}
