using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Recurrent.Numerics;

/// <summary>Matrix products over the storage of MathNet's matrices.</summary>
/// <remarks>
/// The result must not share storage with an operand. Nothing is allocated, zeros are not skipped (0·NaN is NaN), and each
/// element of the result adds up its terms one after the other, in ascending order, whatever the number of columns.
/// </remarks>
public static unsafe class Product
{
    /// <summary>C = A·B.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">Right operand, of <c>a.Columns</c> rows.</param>
    /// <param name="c">Result, of <c>a.Rows</c> rows and as many columns as <paramref name="b"/>.</param>
    public static void Set(PackedMatrix a, ColumnBlock b, ColumnBlock c)
    {
        RequireWhole(a, b, c);
        Multiply(a, b, 0, c, 0, accumulate: false);
    }

    /// <summary>C += A·B.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">Right operand, of <c>a.Columns</c> rows.</param>
    /// <param name="c">Result, of <c>a.Rows</c> rows and as many columns as <paramref name="b"/>.</param>
    public static void Add(PackedMatrix a, ColumnBlock b, ColumnBlock c)
    {
        RequireWhole(a, b, c);
        Multiply(a, b, 0, c, 0, accumulate: true);
    }

    /// <summary>C' = A·B', where B' and C' are bands of rows of B and C.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">The block of which <c>a.Columns</c> rows are the right operand.</param>
    /// <param name="firstRow">First of these rows.</param>
    /// <param name="c">The block of which <c>a.Rows</c> rows are the result.</param>
    /// <param name="firstRowOfC">First of these rows.</param>
    public static void SetBand(PackedMatrix a, ColumnBlock b, int firstRow, ColumnBlock c, int firstRowOfC) =>
        Multiply(a, b, firstRow, c, firstRowOfC, accumulate: false);

    /// <summary>C' += A·B', where B' and C' are bands of rows of B and C.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">The block of which <c>a.Columns</c> rows are the right operand.</param>
    /// <param name="firstRow">First of these rows.</param>
    /// <param name="c">The block of which <c>a.Rows</c> rows are the result.</param>
    /// <param name="firstRowOfC">First of these rows.</param>
    public static void AddBand(PackedMatrix a, ColumnBlock b, int firstRow, ColumnBlock c, int firstRowOfC) =>
        Multiply(a, b, firstRow, c, firstRowOfC, accumulate: true);

    /// <summary>C += A·Bᵀ: a weight gradient, summed over the columns, which are time steps and samples.</summary>
    /// <param name="a">Gradients of the outputs, m × n.</param>
    /// <param name="b">Inputs, k × n.</param>
    /// <param name="c">Gradient of the weights, m × k.</param>
    public static void AddOuter(ColumnBlock a, ColumnBlock b, DenseMatrix c)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.RowCount, a.Rows, nameof(c));
        AddOuter(a, 0, a.Rows, b, c, 0);
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
        AddOuter(a, firstRow, rows, b, c, firstRowOfC, Panels.Width);
    }

    /// <summary>As the public one, with kernels of a given register width.</summary>
    internal static void AddOuter(ColumnBlock a, int firstRow, int rows, ColumnBlock b, DenseMatrix c, int firstRowOfC, int width)
    {
        fixed (Real* firstOfA = &MemoryMarshal.GetReference(a.Values), pb = &MemoryMarshal.GetReference(b.Values), firstOfC = c.Values)
        {
            Real* pa = firstOfA + firstRow;
            Real* pc = firstOfC + firstRowOfC;
            int n = a.ColumnCount;
            if (width == Vector512<Real>.Count)
            {
                OuterProduct<Lane512, Vector512<Real>>.Run(pa, a.Rows, rows, pb, b.Rows, b.Rows, n, pc, c.RowCount);
            }
            else if (width == Vector256<Real>.Count)
            {
                OuterProduct<Lane256, Vector256<Real>>.Run(pa, a.Rows, rows, pb, b.Rows, b.Rows, n, pc, c.RowCount);
            }
            else if (width == Vector128<Real>.Count)
            {
                OuterProduct<Lane128, Vector128<Real>>.Run(pa, a.Rows, rows, pb, b.Rows, b.Rows, n, pc, c.RowCount);
            }
            else
            {
                OuterProduct<LaneScalar, Real>.Run(pa, a.Rows, rows, pb, b.Rows, b.Rows, n, pc, c.RowCount);
            }
        }
    }

    /// <summary>sums += Σ over the columns of A: a bias gradient.</summary>
    /// <param name="a">Gradients of the outputs.</param>
    /// <param name="sums">One sum per row of <paramref name="a"/>.</param>
    public static void AddRowSums(ColumnBlock a, Span<Real> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, a.Rows, nameof(sums));
        for (int column = 0; column < a.ColumnCount; column++)
        {
            VectorMath.Add(a.Column(column), sums);
        }
    }

    private static void Multiply(PackedMatrix a, ColumnBlock b, int firstRow, ColumnBlock c, int firstRowOfC, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.ColumnCount, b.ColumnCount, nameof(c));
        RequireBand(firstRow, a.Columns, b.Rows);
        RequireBand(firstRowOfC, a.Rows, c.Rows);
        fixed (Real* firstOfB = &MemoryMarshal.GetReference(b.Values), firstOfC = &MemoryMarshal.GetReference(c.Values))
        {
            Real* pb = firstOfB + firstRow;
            Real* pc = firstOfC + firstRowOfC;
            int n = b.ColumnCount;
            Real* pa = a.Buffer.Start;
            if (a.Width == Vector512<Real>.Count)
            {
                PanelProduct<Lane512, Vector512<Real>>.Run(pa, a.Rows, a.Columns, pb, b.Rows, n, pc, c.Rows, accumulate);
            }
            else if (a.Width == Vector256<Real>.Count)
            {
                PanelProduct<Lane256, Vector256<Real>>.Run(pa, a.Rows, a.Columns, pb, b.Rows, n, pc, c.Rows, accumulate);
            }
            else if (a.Width == Vector128<Real>.Count)
            {
                PanelProduct<Lane128, Vector128<Real>>.Run(pa, a.Rows, a.Columns, pb, b.Rows, n, pc, c.Rows, accumulate);
            }
            else
            {
                PanelProduct<LaneScalar, Real>.Run(pa, a.Rows, a.Columns, pb, b.Rows, n, pc, c.Rows, accumulate);
            }
        }

        a.Buffer.KeepAlive();
    }

    private static void RequireWhole(PackedMatrix a, ColumnBlock b, ColumnBlock c)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Rows, a.Columns, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.Rows, a.Rows, nameof(c));
    }

    private static void RequireBand(int firstRow, int rows, int available)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, available - rows);
    }
}
