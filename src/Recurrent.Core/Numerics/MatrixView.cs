namespace Recurrent.Numerics;

/// <summary>
/// A matrix inside other storage: a band of rows of columns that stand a fixed distance apart. One head's rows of what one sample
/// of a batch holds at all its steps, for instance.
/// </summary>
/// <remarks>A view copies nothing, and writes go to the matrix.</remarks>
internal readonly struct MatrixView
{
    /// <summary>Views part of a matrix.</summary>
    /// <param name="matrix">The matrix to look at.</param>
    /// <param name="firstRow">Its row that becomes row 0.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="firstColumn">Its column that becomes column 0.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="columnStep">How many of its columns lie from one column of the view to the next; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The view does not lie inside the matrix.</exception>
    public MatrixView(DenseMatrix matrix, int firstRow, int rows, int firstColumn, int columns, int columnStep = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, matrix.RowCount - rows);
        ArgumentOutOfRangeException.ThrowIfNegative(firstColumn);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnStep, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstColumn + ((columns - 1L) * columnStep), matrix.ColumnCount - 1L);
        Storage = matrix.Values;
        Offset = (firstColumn * matrix.RowCount) + firstRow;
        Rows = rows;
        ColumnCount = columns;
        Stride = matrix.RowCount * columnStep;
    }

    private MatrixView(Real[] storage, int offset, int rows, int columns, int stride)
    {
        Storage = storage;
        Offset = offset;
        Rows = rows;
        ColumnCount = columns;
        Stride = stride;
    }

    /// <summary>Where the values are.</summary>
    public Real[] Storage { get; }

    /// <summary>Where in it element (0, 0) is.</summary>
    public int Offset { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Distance in the storage from one column to the next.</summary>
    public int Stride { get; }

    /// <summary>The storage from element (0, 0) on.</summary>
    public Span<Real> FromFirst => Storage.AsSpan(Offset);

    /// <summary>The values of one column.</summary>
    /// <param name="column">Index of the column.</param>
    public Span<Real> Column(int column) => Storage.AsSpan(Offset + (column * Stride), Rows);

    /// <summary>Every column of a block.</summary>
    /// <param name="block">The block to look at.</param>
    public static implicit operator MatrixView(ColumnBlock block) => block.AsView();

    /// <summary>A whole matrix.</summary>
    /// <param name="matrix">The matrix to look at.</param>
    public static implicit operator MatrixView(DenseMatrix matrix) => new(matrix, 0, matrix.RowCount, 0, matrix.ColumnCount);

    /// <summary>A view of storage that somebody has checked.</summary>
    internal static MatrixView Of(Real[] storage, int offset, int rows, int columns, int stride) =>
        new(storage, offset, rows, columns, stride);
}
