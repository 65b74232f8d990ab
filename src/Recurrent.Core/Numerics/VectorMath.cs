using System.Numerics.Tensors;

namespace Recurrent.Numerics;

/// <summary>Element by element arithmetic and functions over spans.</summary>
/// <remarks>
/// Source and destination may be the same span. Every element gets the same formula wherever it stands, so a result does
/// not depend on the length of the span or on the place of the element in it.
/// </remarks>
public static class VectorMath
{
    /// <summary>y = tanh(x).</summary>
    /// <remarks>
    /// Within 2.5 units in the last place over all floats (5e-16 relative in the float64 build), odd, exactly ±1 where the
    /// true value rounds to it, NaN for NaN.
    /// </remarks>
    /// <param name="x">Arguments.</param>
    /// <param name="y">Results; as long as <paramref name="x"/>.</param>
    public static void Tanh(ReadOnlySpan<Real> x, Span<Real> y) => Map<TanhFunction>.Run(x, y, Widths.For(x.Length));

    /// <summary>y = 1/(1 + e⁻ˣ), the logistic function.</summary>
    /// <remarks>
    /// Within 2.5 units in the last place over all floats (4e-16 relative in the float64 build), so small values are as
    /// accurate, relatively, as large ones; results that would be denormal, x below -87.6, are 0. NaN for NaN.
    /// </remarks>
    /// <param name="x">Arguments.</param>
    /// <param name="y">Results; as long as <paramref name="x"/>.</param>
    public static void Sigmoid(ReadOnlySpan<Real> x, Span<Real> y) => Map<SigmoidFunction>.Run(x, y, Widths.For(x.Length));

    /// <summary>y = log 1/(1 + e⁻ˣ), the logarithm of the logistic function.</summary>
    /// <remarks>
    /// Within 3 units in the last place over all floats (8e-16 relative in the float64 build, where the result is no denormal),
    /// so it neither overflows nor loses the small values on the right. NaN for NaN.
    /// </remarks>
    /// <param name="x">Arguments.</param>
    /// <param name="y">Results; as long as <paramref name="x"/>.</param>
    public static void LogSigmoid(ReadOnlySpan<Real> x, Span<Real> y) => Map<LogSigmoidFunction>.Run(x, y, Widths.For(x.Length));

    /// <summary>y = eˣ.</summary>
    /// <remarks>
    /// Within 1.1 units in the last place over all floats (3e-16 relative in the float64 build), denormal results included;
    /// 0 and ∞ where the true value rounds to them, NaN for NaN.
    /// </remarks>
    /// <param name="x">Arguments.</param>
    /// <param name="y">Results; as long as <paramref name="x"/>.</param>
    public static void Exp(ReadOnlySpan<Real> x, Span<Real> y) => Map<ExpFunction>.Run(x, y, Widths.For(x.Length));

    /// <summary>z = x∘y.</summary>
    /// <param name="x">Left factors.</param>
    /// <param name="y">Right factors.</param>
    /// <param name="z">Products.</param>
    public static void Multiply(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, Span<Real> z)
    {
        RequireLength(z.Length, x.Length);
        TensorPrimitives.Multiply(x, y, z);
    }

    /// <summary>z += x∘y.</summary>
    /// <param name="x">Left factors.</param>
    /// <param name="y">Right factors.</param>
    /// <param name="z">Sums.</param>
    public static void AddProduct(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, Span<Real> z)
    {
        RequireLength(z.Length, x.Length);
        TensorPrimitives.MultiplyAdd(x, y, z, z);
    }

    /// <summary>y += x.</summary>
    /// <param name="x">What to add.</param>
    /// <param name="y">Sums.</param>
    public static void Add(ReadOnlySpan<Real> x, Span<Real> y)
    {
        RequireLength(y.Length, x.Length);
        TensorPrimitives.Add(x, y, y);
    }

    /// <summary>z = x + y.</summary>
    /// <param name="x">What to add.</param>
    /// <param name="y">What to add it to.</param>
    /// <param name="z">Sums.</param>
    internal static void Add(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, Span<Real> z)
    {
        RequireLength(z.Length, x.Length);
        TensorPrimitives.Add(x, y, z);
    }

    /// <summary>y = max(x, y), element by element.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="y">Numbers, and the larger ones.</param>
    public static void Max(ReadOnlySpan<Real> x, Span<Real> y)
    {
        RequireLength(y.Length, x.Length);
        TensorPrimitives.Max(x, y, y);
    }

    /// <summary>z = x - y.</summary>
    /// <param name="x">Minuends.</param>
    /// <param name="y">Subtrahends.</param>
    /// <param name="z">Differences.</param>
    public static void Subtract(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, Span<Real> z)
    {
        RequireLength(z.Length, x.Length);
        TensorPrimitives.Subtract(x, y, z);
    }

    /// <summary>y += a·x.</summary>
    /// <param name="a">Scale of <paramref name="x"/>.</param>
    /// <param name="x">What to add.</param>
    /// <param name="y">Sums.</param>
    public static void AddScaled(Real a, ReadOnlySpan<Real> x, Span<Real> y)
    {
        RequireLength(y.Length, x.Length);
        TensorPrimitives.MultiplyAdd(x, a, y, y);
    }

    /// <summary>y = a·y.</summary>
    /// <param name="a">Scale.</param>
    /// <param name="y">Values to scale.</param>
    public static void Scale(Real a, Span<Real> y) => TensorPrimitives.Multiply(y, a, y);

    /// <summary>Sets values too small to matter to zero: |x| &lt; 2⁻⁸⁰ (in double 2⁻⁹⁰⁰). NaN stays.</summary>
    /// <param name="x">The values.</param>
    /// <remarks>
    /// A gradient that shrinks from step to step ends among the denormal numbers, where every operation costs over a hundred
    /// cycles.
    /// </remarks>
    public static void FlushTiny(Span<Real> x) => Map<FlushTinyFunction>.Run(x, x, Widths.ForMemory(x.Length));

    /// <summary>Softmax of each column of a block, shifted by its largest entry so that nothing overflows.</summary>
    /// <param name="x">Columns of <paramref name="rows"/> entries, one after the other.</param>
    /// <param name="y">Results; as long as <paramref name="x"/>.</param>
    /// <param name="rows">Entries of a column.</param>
    public static void SoftmaxColumns(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        RequireColumns(x.Length, y.Length, rows);
        for (int start = 0; start < x.Length; start += rows)
        {
            ReadOnlySpan<Real> column = x.Slice(start, rows);
            TensorPrimitives.Subtract(column, TensorPrimitives.Max(column), y.Slice(start, rows));
        }

        Exp(y, y);
        for (int start = 0; start < y.Length; start += rows)
        {
            Span<Real> column = y.Slice(start, rows);
            Real sum = 0;
            foreach (Real value in column)
            {
                sum += value;
            }

            TensorPrimitives.Divide(column, sum, column);
        }
    }

    /// <summary>Logarithm of the softmax of each column of a block, without the underflow of taking one after the
    /// other.</summary>
    /// <param name="x">Columns of <paramref name="rows"/> entries, one after the other.</param>
    /// <param name="y">Results; as long as <paramref name="x"/>.</param>
    /// <param name="rows">Entries of a column.</param>
    public static void LogSoftmaxColumns(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        RequireColumns(x.Length, y.Length, rows);
        for (int start = 0; start < x.Length; start += rows)
        {
            ReadOnlySpan<Real> column = x.Slice(start, rows);
            Span<Real> result = y.Slice(start, rows);
            Real max = TensorPrimitives.Max(column);
            double sum = 0;
            foreach (Real value in column)
            {
                sum += Math.Exp((double)value - max);
            }

            TensorPrimitives.Subtract(column, max, result);
            TensorPrimitives.Subtract(result, (Real)Math.Log(sum), result);
        }
    }

    /// <summary>Every column of C += bias.</summary>
    /// <param name="bias">One value per row.</param>
    /// <param name="c">The block to add to.</param>
    public static void AddColumnwise(ReadOnlySpan<Real> bias, ColumnBlock c)
    {
        RequireLength(c.Rows, bias.Length);
        for (int column = 0; column < c.ColumnCount; column++)
        {
            Add(bias, c.Column(column));
        }
    }

    private static void RequireLength(int actual, int expected) =>
        ArgumentOutOfRangeException.ThrowIfNotEqual(actual, expected);

    private static void RequireColumns(int length, int lengthOfResult, int rows)
    {
        RequireLength(lengthOfResult, length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % rows, 0, nameof(rows));
    }
}
