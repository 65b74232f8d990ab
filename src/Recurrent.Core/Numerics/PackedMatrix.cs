namespace Recurrent.Numerics;

/// <summary>
/// The left operand of products that share it: weights, re-laid once per optimizer step and then read by all time steps
/// and all workers.
/// </summary>
/// <remarks>Packing writes; every other use only reads, so any number of threads may multiply by one packed matrix.</remarks>
public sealed class PackedMatrix
{
    private readonly DenseMatrix operand;

    /// <summary>Makes room for an operand of the given size, of zeros.</summary>
    /// <param name="rows">Rows of the operand as used in the product.</param>
    /// <param name="columns">Columns of the operand as used in the product.</param>
    public PackedMatrix(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Rows = rows;
        Columns = columns;
        operand = new DenseMatrix(rows, columns);
    }

    /// <summary>Rows of the operand.</summary>
    public int Rows { get; }

    /// <summary>Columns of the operand.</summary>
    public int Columns { get; }

    internal DenseMatrix Operand => operand;

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
        for (int column = 0; column < Columns; column++)
        {
            source.Values.AsSpan((column * source.RowCount) + firstRow, Rows).CopyTo(operand.Values.AsSpan(column * Rows));
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
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                operand.Values[(column * Rows) + row] = source.Values[(row * source.RowCount) + firstRow + column];
            }
        }
    }
}
