namespace Recurrent.Numerics;

/// <summary>
/// The left operand of products that share it: weights, re-laid once per optimizer step and then read by all time steps
/// and all workers.
/// </summary>
/// <remarks>
/// Taking a source only notes it down. Its panels are laid out when a product first asks for them, so an operand that no product
/// asks for (that of a backward pass, where a model only predicts) costs nothing. Of a small operand several threads have a copy
/// of the panels each. From then on products only read: any number of threads may multiply by one packed matrix.
/// </remarks>
public sealed class PackedMatrix
{
    // Copying so few values again takes less time than to fetch what another core has just written.
    private const int MostCopied = 1 << 14;

    private const int MostCopies = 8;

    private readonly PanelCopy[] copies;

    /// <summary>An operand of the given size, of zeros. Its memory is allocated when a product first reads it.</summary>
    /// <param name="rows">Rows of the operand as used in the product.</param>
    /// <param name="columns">Columns of the operand as used in the product.</param>
    public PackedMatrix(int rows, int columns)
        : this(rows, columns, Widths.For(rows))
    {
    }

    /// <summary>An operand that kernels of a given register width will read.</summary>
    internal PackedMatrix(int rows, int columns, int width)
        : this(rows, columns, width, MostCopies)
    {
    }

    private PackedMatrix(int rows, int columns, int width, int mostCopies)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Rows = rows;
        Columns = columns;
        Width = width;
        int size = checked(Panels.Padded(rows, width) * columns);
        copies = new PanelCopy[size > MostCopied ? 1 : mostCopies];
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = new PanelCopy(this, size);
        }
    }

    /// <summary>Rows of the operand.</summary>
    public int Rows { get; private set; }

    /// <summary>Columns of the operand.</summary>
    public int Columns { get; private set; }

    /// <summary>Values in the registers of the kernels this is laid out for.</summary>
    internal int Width { get; }

    /// <summary>The panels, one after the other: of a small operand, the copy that belongs to the thread.</summary>
    internal AlignedBuffer Buffer => copies[WorkerPool.ThreadNumber % copies.Length].Buffer;

    /// <summary>What the panels are to hold, as it stands in its matrix: there the operand itself, or its transpose.</summary>
    internal MatrixView Source { get; private set; }

    /// <summary>Whether rows of the operand are columns of the source.</summary>
    internal bool IsTransposed { get; private set; }

    /// <summary>Takes <paramref name="source"/> as the operand.</summary>
    /// <param name="source">
    /// A matrix of <see cref="Rows"/> × <see cref="Columns"/>; when it has changed it must be packed again before the next
    /// product.
    /// </param>
    public void Pack(DenseMatrix source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.RowCount, Rows);
        Pack(source, 0);
    }

    /// <summary>Takes a band of rows of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">
    /// A matrix of <see cref="Columns"/> columns; when it has changed it must be packed again before the next product.
    /// </param>
    /// <param name="firstRow">The row of <paramref name="source"/> that becomes row 0 of the operand.</param>
    public void Pack(DenseMatrix source, int firstRow)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.ColumnCount, Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, source.RowCount - Rows);
        Take(new(source, firstRow, Rows, 0, Columns), isTransposed: false);
    }

    /// <summary>Takes a view as the operand: a tap of a convolution's kernel, or one head of one sample.</summary>
    /// <param name="source">A view of <see cref="Rows"/> × <see cref="Columns"/>.</param>
    internal void Pack(MatrixView source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Rows, Rows, nameof(source));
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.ColumnCount, Columns, nameof(source));
        Take(source, isTransposed: false);
    }

    /// <summary>Takes the transpose of a view as the operand.</summary>
    /// <param name="source">A view of <see cref="Columns"/> × <see cref="Rows"/>.</param>
    internal void PackTransposed(MatrixView source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Rows, Columns, nameof(source));
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.ColumnCount, Rows, nameof(source));
        Take(source, isTransposed: true);
    }

    /// <summary>An operand that only one thread at a time works with, as that of one pass: it needs no copies.</summary>
    /// <param name="rows">Rows of the operand as used in the product.</param>
    /// <param name="columns">Columns of the operand as used in the product.</param>
    internal static PackedMatrix OfOnePass(int rows, int columns) => new(rows, columns, Widths.For(rows), mostCopies: 1);

    /// <summary>Takes the transpose of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">
    /// A matrix of <see cref="Columns"/> × <see cref="Rows"/>; when it has changed it must be packed again before the next
    /// product.
    /// </param>
    public void PackTransposed(DenseMatrix source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.RowCount, Columns);
        PackTransposed(source, 0);
    }

    /// <summary>Takes the transpose of a band of rows of <paramref name="source"/> as the operand.</summary>
    /// <param name="source">
    /// A matrix of <see cref="Rows"/> columns; when it has changed it must be packed again before the next product.
    /// </param>
    /// <param name="firstRow">The row of <paramref name="source"/> that becomes column 0 of the operand.</param>
    public void PackTransposed(DenseMatrix source, int firstRow)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.ColumnCount, Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, source.RowCount - Columns);
        Take(new(source, firstRow, Columns, 0, Rows), isTransposed: true);
    }

    /// <summary>Makes the operand another size, within the room that it was made with; it must be packed again.</summary>
    /// <param name="rows">Rows, no more than at first.</param>
    /// <param name="columns">Columns, no more than at first.</param>
    internal void Resize(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Panels.Padded(rows, Width) * columns, copies[0].Size, nameof(rows));
        Rows = rows;
        Columns = columns;
    }

    private void Take(MatrixView source, bool isTransposed)
    {
        Source = source;
        IsTransposed = isTransposed;
        foreach (PanelCopy copy in copies)
        {
            copy.Outdate();
        }
    }
}
