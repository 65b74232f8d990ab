namespace Recurrent.Numerics;

/// <summary>Matrix products over the storage of MathNet's matrices.</summary>
/// <remarks>
/// The result must not share storage with an operand. Nothing is allocated, zeros are not skipped (0·NaN is NaN), and each
/// element of the result adds up its terms one after the other, in ascending order, whatever the number of columns.
/// </remarks>
public static unsafe partial class Product
{
    /// <summary>C = A·B.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">Right operand, of <c>a.Columns</c> rows.</param>
    /// <param name="c">Result, of <c>a.Rows</c> rows and as many columns as <paramref name="b"/>.</param>
    public static void Set(PackedMatrix a, ColumnBlock b, ColumnBlock c)
    {
        RequireWhole(a, b, c);
        Multiply(a, b, 0, c, 0, default, threads: 1);
    }

    /// <summary>C += A·B.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">Right operand, of <c>a.Columns</c> rows.</param>
    /// <param name="c">Result, of <c>a.Rows</c> rows and as many columns as <paramref name="b"/>.</param>
    public static void Add(PackedMatrix a, ColumnBlock b, ColumnBlock c)
    {
        RequireWhole(a, b, c);
        MultiplyAdd(a, b, 0, c, 0, threads: 1);
    }

    /// <summary>C' = A·B', where B' and C' are bands of rows of B and C.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">The block of which <c>a.Columns</c> rows are the right operand.</param>
    /// <param name="firstRow">First of these rows.</param>
    /// <param name="c">The block of which <c>a.Rows</c> rows are the result.</param>
    /// <param name="firstRowOfC">First of these rows.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    public static void SetBand(PackedMatrix a, ColumnBlock b, int firstRow, ColumnBlock c, int firstRowOfC, int threads = 1) =>
        Multiply(a, b, firstRow, c, firstRowOfC, default, threads);

    /// <summary>C' += A·B', where B' and C' are bands of rows of B and C.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">The block of which <c>a.Columns</c> rows are the right operand.</param>
    /// <param name="firstRow">First of these rows.</param>
    /// <param name="c">The block of which <c>a.Rows</c> rows are the result.</param>
    /// <param name="firstRowOfC">First of these rows.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    public static void AddBand(PackedMatrix a, ColumnBlock b, int firstRow, ColumnBlock c, int firstRowOfC, int threads = 1) =>
        MultiplyAdd(a, b, firstRow, c, firstRowOfC, threads);

    /// <summary>C' = bias + A·B', where B' and C' are bands of rows of B and C, and the bias stands in every column.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">The block of which <c>a.Columns</c> rows are the right operand.</param>
    /// <param name="firstRow">First of these rows.</param>
    /// <param name="bias">One value for each row of <paramref name="a"/>, from which its sums start; empty for zero.</param>
    /// <param name="c">The block of which <c>a.Rows</c> rows are the result.</param>
    /// <param name="firstRowOfC">First of these rows.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    public static void SetBand(
        PackedMatrix a, ColumnBlock b, int firstRow, ReadOnlySpan<Real> bias, ColumnBlock c, int firstRowOfC, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, bias.IsEmpty ? 0 : a.Rows, nameof(bias));
        fixed (Real* first = bias)
        {
            Multiply(a, b, firstRow, c, firstRowOfC, new ProductStart(first, 0), threads);
        }
    }

    /// <summary>C += A·Bᵀ: a weight gradient, summed over the columns, which are time steps and samples.</summary>
    /// <param name="a">Gradients of the outputs, m × n.</param>
    /// <param name="b">Inputs, k × n.</param>
    /// <param name="c">Gradient of the weights, m × k.</param>
    public static void AddOuter(ColumnBlock a, ColumnBlock b, DenseMatrix c)
    {
        RequireOuter(a, b, c);
        AddOuter(a, 0, a.Rows, b, c, 0, Widths.For(a.Rows));
    }

    /// <summary>C' += A'·Bᵀ, where A' and C' are bands of rows of A and C.</summary>
    /// <param name="a">The block of which <paramref name="rows"/> rows are the left operand.</param>
    /// <param name="firstRow">First of these rows.</param>
    /// <param name="rows">Number of rows of the bands.</param>
    /// <param name="b">Right operand, of as many columns as <paramref name="a"/>.</param>
    /// <param name="c">The matrix of which <paramref name="rows"/> rows are the result; it has <c>b.Rows</c> columns.</param>
    /// <param name="firstRowOfC">First of these rows.</param>
    public static void AddOuter(ColumnBlock a, int firstRow, int rows, ColumnBlock b, DenseMatrix c, int firstRowOfC)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.ColumnCount, a.ColumnCount, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.ColumnCount, b.Rows, nameof(c));
        RequireBand(firstRow, rows, a.Rows);
        RequireBand(firstRowOfC, rows, c.RowCount);
        AddOuter(a, firstRow, rows, b, c, firstRowOfC, Widths.For(rows));
    }

    /// <summary>
    /// C' += A'·B'ᵀ, where A', B' and C' are bands of rows: the gradient of one tap of a convolution's kernel, of one group.
    /// </summary>
    /// <param name="a">The block of which <paramref name="rows"/> rows are the left operand.</param>
    /// <param name="firstRow">First of these rows.</param>
    /// <param name="rows">Number of rows of the left operand and of the result.</param>
    /// <param name="b">
    /// The block, of as many columns, of which as many rows as <paramref name="c"/> has columns are the right operand.
    /// </param>
    /// <param name="firstRowOfB">First of these rows.</param>
    /// <param name="c">The block of which <paramref name="rows"/> rows are the result.</param>
    /// <param name="firstRowOfC">First of these rows.</param>
    internal static void AddOuter(
        ColumnBlock a, int firstRow, int rows, ColumnBlock b, int firstRowOfB, ColumnBlock c, int firstRowOfC)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.ColumnCount, a.ColumnCount, nameof(b));
        RequireBand(firstRow, rows, a.Rows);
        RequireBand(firstRowOfB, c.ColumnCount, b.Rows);
        RequireBand(firstRowOfC, rows, c.Rows);
        fixed (Real* firstOfA = a.Values, firstOfB = b.Values, firstOfC = c.Values)
        {
            OuterFactor factor = new(firstOfB + firstRowOfB, b.Rows, c.ColumnCount, firstOfC + firstRowOfC, c.Rows);
            Widths.Dispatch(new OuterJob(firstOfA + firstRow, a.Rows, rows, a.ColumnCount, factor, default), Widths.For(rows));
        }
    }

    /// <summary>
    /// C += A·Bᵀ and D += A·Eᵀ, as two calls of <see cref="AddOuter(ColumnBlock, ColumnBlock, DenseMatrix)"/>, bit for bit, but A
    /// is read once.
    /// </summary>
    /// <param name="a">Gradients of the outputs, m × n.</param>
    /// <param name="b">Inputs, k × n.</param>
    /// <param name="c">Gradient of their weights, m × k.</param>
    /// <param name="e">Other inputs, l × n.</param>
    /// <param name="d">Gradient of their weights, m × l.</param>
    /// <param name="zeros">So many first columns of <paramref name="e"/> are zero, and are passed over.</param>
    internal static void AddOuter(ColumnBlock a, ColumnBlock b, DenseMatrix c, ColumnBlock e, DenseMatrix d, int zeros)
    {
        RequireOuter(a, b, c);
        RequireOuter(a, e, d);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(zeros, e.ColumnCount);
        AddOuter(a, b, c, e, d, zeros, Widths.For(a.Rows));
    }

    /// <summary>The same with kernels of a given register width.</summary>
    internal static void AddOuter(
        ColumnBlock a, ColumnBlock b, DenseMatrix c, ColumnBlock e, DenseMatrix d, int zeros, int width)
    {
        fixed (Real* firstOfA = a.Values, firstOfB = b.Values, firstOfC = c.Values, firstOfE = e.Values, firstOfD = d.Values)
        {
            OuterFactor first = new(firstOfB, b.Rows, b.Rows, firstOfC, c.RowCount);
            OuterFactor second = new(firstOfE, e.Rows, e.Rows, firstOfD, d.RowCount, zeros);
            Widths.Dispatch(new OuterJob(firstOfA, a.Rows, a.Rows, a.ColumnCount, first, second), width);
        }
    }

    /// <summary>As the public one, with kernels of a given register width.</summary>
    internal static void AddOuter(ColumnBlock a, int firstRow, int rows, ColumnBlock b, DenseMatrix c, int firstRowOfC, int width)
    {
        fixed (Real* firstOfA = a.Values, firstOfB = b.Values, firstOfC = c.Values)
        {
            OuterFactor factor = new(firstOfB, b.Rows, b.Rows, firstOfC + firstRowOfC, c.RowCount);
            Widths.Dispatch(new OuterJob(firstOfA + firstRow, a.Rows, rows, a.ColumnCount, factor, default), width);
        }
    }

    /// <summary>sums += Σ over the columns of A: a bias gradient.</summary>
    /// <param name="a">Gradients of the outputs.</param>
    /// <param name="sums">One sum per row of <paramref name="a"/>.</param>
    public static void AddRowSums(ColumnBlock a, Span<Real> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, a.Rows, nameof(sums));
        AddRowSums(a, sums, Widths.ForMemory(a.Rows));
    }

    /// <summary>As the public one, with kernels of a given register width.</summary>
    internal static void AddRowSums(ColumnBlock a, Span<Real> sums, int width)
    {
        fixed (Real* values = a.Values, target = sums)
        {
            Widths.Dispatch(new RowSumsJob(values, a.Rows, a.ColumnCount, target), width);
        }
    }

    private static void MultiplyAdd(PackedMatrix a, ColumnBlock b, int firstRow, ColumnBlock c, int firstRowOfC, int threads)
    {
        fixed (Real* firstOfC = c.Values)
        {
            Multiply(a, b, firstRow, c, firstRowOfC, new ProductStart(firstOfC + firstRowOfC, c.Rows), threads);
        }
    }

    private static void Multiply(
        PackedMatrix a, ColumnBlock b, int firstRow, ColumnBlock c, int firstRowOfC, ProductStart start, int threads)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.ColumnCount, b.ColumnCount, nameof(c));
        RequireBand(firstRow, a.Columns, b.Rows);
        RequireBand(firstRowOfC, a.Rows, c.Rows);
        AlignedBuffer panels = a.Buffer;
        fixed (Real* firstOfB = b.Values, firstOfC = c.Values)
        {
            var product = new PanelJob(
                panels.Start, a.Rows, a.Columns, firstOfB + firstRow, b.Rows, b.ColumnCount,
                    firstOfC + firstRowOfC, c.Rows, start);
            product.Run(a.Width, threads);
        }

        panels.KeepAlive();
    }

    private static void RequireWhole(PackedMatrix a, ColumnBlock b, ColumnBlock c)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Rows, a.Columns, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.Rows, a.Rows, nameof(c));
    }

    private static void RequireOuter(ColumnBlock a, ColumnBlock b, DenseMatrix c)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.ColumnCount, a.ColumnCount, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.RowCount, a.Rows, nameof(c));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.ColumnCount, b.Rows, nameof(c));
    }

    private static void RequireBand(int firstRow, int rows, int available)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, available - rows);
    }

    private readonly struct OuterJob(Real* a, int strideA, int rows, int depth, OuterFactor first, OuterFactor second) : IWidthJob
    {
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged =>
            OuterProduct<TLane, TVector>.Run(a, strideA, rows, depth, first, second);
    }

    private readonly struct RowSumsJob(Real* a, int rows, int columns, Real* sums) : IWidthJob
    {
        public void Run<TLane, TVector>()
            where TLane : ILane<TVector>
            where TVector : unmanaged =>
            RowSums<TLane, TVector>.Add(a, rows, columns, sums);
    }
}
