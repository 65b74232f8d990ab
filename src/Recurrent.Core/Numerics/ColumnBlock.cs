namespace Recurrent.Numerics;

/// <summary>
/// A run of adjacent columns of a dense matrix: one time step of a sequence batch, or all of them.
/// </summary>
/// <remarks>
/// MathNet stores a matrix column by column, so the values of a block are one contiguous span. A block is a view:
/// it copies nothing and writes go to the matrix.
/// </remarks>
public readonly struct ColumnBlock
{
    private readonly Real[] storage;

    /// <summary>Views <paramref name="columnCount"/> columns of <paramref name="matrix"/> from <paramref name="firstColumn"/>
    /// on.</summary>
    /// <param name="matrix">The matrix to look at.</param>
    /// <param name="firstColumn">Index of the first column of the block.</param>
    /// <param name="columnCount">Number of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">The columns are not all inside the matrix.</exception>
    public ColumnBlock(DenseMatrix matrix, int firstColumn, int columnCount)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfNegative(firstColumn);
        ArgumentOutOfRangeException.ThrowIfNegative(columnCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columnCount, matrix.ColumnCount - firstColumn);
        storage = matrix.Values;
        Rows = matrix.RowCount;
        FirstColumn = firstColumn;
        ColumnCount = columnCount;
    }

    private ColumnBlock(Real[] storage, int rows, int firstColumn, int columnCount)
    {
        this.storage = storage;
        Rows = rows;
        FirstColumn = firstColumn;
        ColumnCount = columnCount;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Index, in the matrix, of the first column of the block.</summary>
    public int FirstColumn { get; }

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>All values of the block, column after column; length <c>Rows * ColumnCount</c>.</summary>
    public Span<Real> Values => storage.AsSpan(FirstColumn * Rows, Rows * ColumnCount);

    /// <summary>The values of one column.</summary>
    /// <param name="column">Index of the column inside the block.</param>
    public Span<Real> Column(int column) => storage.AsSpan((FirstColumn + column) * Rows, Rows);

    /// <summary>
    /// Columns of another number of rows in the storage of a matrix, from its beginning on: scratch of a size that changes.
    /// </summary>
    internal static ColumnBlock InRoomOf(DenseMatrix room, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)rows * columns, room.Values.Length, nameof(rows));
        return new(room.Values, rows, 0, columns);
    }

    /// <summary>Whether the columns are some of a matrix, and not of another one.</summary>
    /// <param name="matrix">The matrix.</param>
    internal bool IsOf(DenseMatrix matrix) => ReferenceEquals(storage, matrix.Values);

    /// <summary>Some of the columns.</summary>
    /// <param name="first">Index of the first of them inside the block.</param>
    /// <param name="count">Number of columns.</param>
    internal ColumnBlock Columns(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ColumnCount - first);
        return new(storage, Rows, FirstColumn + first, count);
    }

    /// <summary>The block as a view that may be narrowed further.</summary>
    internal MatrixView AsView() => MatrixView.Of(storage, FirstColumn * Rows, Rows, ColumnCount, Rows);

    /// <summary>Every column of a matrix.</summary>
    /// <param name="matrix">The matrix to look at.</param>
    public static implicit operator ColumnBlock(DenseMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return new(matrix, 0, matrix.ColumnCount);
    }
}
