namespace Recurrent.Numerics;

/// <content>Products of matrices inside other storage: what attention does for one head of one sample, a convolution for one
/// tap.</content>
public static unsafe partial class Product
{
    /// <summary>C = A·B.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">Right operand, of <c>a.Columns</c> rows.</param>
    /// <param name="c">Result, of <c>a.Rows</c> rows and as many columns as <paramref name="b"/>.</param>
    internal static void Set(PackedMatrix a, MatrixView b, MatrixView c)
    {
        RequireViews(a, b, c);
        fixed (Real* firstOfB = b.FromFirst, firstOfC = c.FromFirst)
        {
            Multiply(a, firstOfB, b, firstOfC, c, default);
        }
    }

    /// <summary>C += A·B.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">Right operand, of <c>a.Columns</c> rows.</param>
    /// <param name="c">Result, of <c>a.Rows</c> rows and as many columns as <paramref name="b"/>.</param>
    internal static void Add(PackedMatrix a, MatrixView b, MatrixView c)
    {
        RequireViews(a, b, c);
        fixed (Real* firstOfB = b.FromFirst, firstOfC = c.FromFirst)
        {
            Multiply(a, firstOfB, b, firstOfC, c, new ProductStart(firstOfC, c.Stride));
        }
    }

    /// <summary>C += A·Bᵀ.</summary>
    /// <param name="a">Left operand, m × n.</param>
    /// <param name="b">Right operand, k × n.</param>
    /// <param name="c">Result, m × k.</param>
    internal static void AddOuter(MatrixView a, MatrixView b, MatrixView c) => AddOuter(a, b, c, Widths.For(a.Rows));

    /// <summary>The same with kernels of a given register width.</summary>
    internal static void AddOuter(MatrixView a, MatrixView b, MatrixView c, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.ColumnCount, a.ColumnCount, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.Rows, a.Rows, nameof(c));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.ColumnCount, b.Rows, nameof(c));
        fixed (Real* firstOfA = a.FromFirst, firstOfB = b.FromFirst, firstOfC = c.FromFirst)
        {
            OuterFactor factor = new(firstOfB, b.Stride, b.Rows, firstOfC, c.Stride);
            Widths.Dispatch(new OuterJob(firstOfA, a.Stride, a.Rows, a.ColumnCount, factor, default), width);
        }
    }

    private static void Multiply(PackedMatrix a, Real* firstOfB, MatrixView b, Real* firstOfC, MatrixView c, ProductStart start)
    {
        AlignedBuffer panels = a.Buffer;
        var product = new PanelJob(
            panels.Start, a.Rows, a.Columns, firstOfB, b.Stride, b.ColumnCount, firstOfC, c.Stride, start);
        product.Run(a.Width, threads: 1);
        panels.KeepAlive();
    }

    private static void RequireViews(PackedMatrix a, MatrixView b, MatrixView c)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Rows, a.Columns, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.Rows, a.Rows, nameof(c));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.ColumnCount, b.ColumnCount, nameof(c));
    }
}
