namespace Recurrent.Numerics;

/// <summary>
/// The left operand of products that share it: weights, re-laid once per optimizer step and then read by all time steps
/// and all workers.
/// </summary>
/// <remarks>Packing writes; every other use only reads, so any number of threads may multiply by one packed matrix.</remarks>
public sealed unsafe class PackedMatrix
{
    private readonly AlignedBuffer panels;

    /// <summary>Makes room for an operand of the given size, of zeros.</summary>
    /// <param name="rows">Rows of the operand as used in the product.</param>
    /// <param name="columns">Columns of the operand as used in the product.</param>
    public PackedMatrix(int rows, int columns)
        : this(rows, columns, Panels.Width)
    {
    }

    /// <summary>Makes room for an operand that kernels of a given register width will read.</summary>
    internal PackedMatrix(int rows, int columns, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Rows = rows;
        Columns = columns;
        Width = width;
        panels = new AlignedBuffer(checked(Panels.Padded(rows, width) * columns));
    }

    /// <summary>Rows of the operand.</summary>
    public int Rows { get; }

    /// <summary>Columns of the operand.</summary>
    public int Columns { get; }

    /// <summary>Values in the registers of the kernels this is laid out for.</summary>
    internal int Width { get; }

    /// <summary>The panels, one after the other.</summary>
    internal AlignedBuffer Buffer => panels;

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
            Pack(first + firstRow, 1, source.RowCount);
        }
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
            Pack(first + firstRow, source.RowCount, 1);
        }
    }

    /// <summary>Copies the operand whose element (i, k) stands at <c>i·strideOfRow + k·strideOfColumn</c>.</summary>
    private void Pack(Real* source, nint strideOfRow, nint strideOfColumn)
    {
        Real* target = panels.Start;
        int vectorsLeft = Panels.Padded(Rows, Width) / Width;
        for (int row = 0; row < Rows;)
        {
            int vectors = Panels.NextVectors(vectorsLeft);
            int height = vectors * Width;
            int rows = Math.Min(height, Rows - row);
            for (int k = 0; k < Columns; k++)
            {
                Real* from = source + (row * strideOfRow) + (k * strideOfColumn);
                for (int i = 0; i < rows; i++)
                {
                    target[i] = from[i * strideOfRow];
                }

                target += height;
            }

            row += height;
            vectorsLeft -= vectors;
        }

        panels.KeepAlive();
    }
}
