using Recurrent.Numerics;

namespace Recurrent.Optimizers;

/// <summary>Brings the singular values of a matrix near 1 by an iteration of Newton and Schulz of the fifth order.</summary>
internal sealed class Orthogonalizer
{
    private readonly bool transposed;
    private readonly Real[] start;
    private readonly Real[] result;
    private readonly DenseMatrix square;
    private readonly DenseMatrix fourth;
    private readonly PackedMatrix packed;
    private DenseMatrix current;
    private DenseMatrix next;

    /// <summary>Makes room for matrices of one size.</summary>
    public Orthogonalizer(int rows, int columns)
    {
        // X·Xᵀ is as small as it can be; what holds for X holds for Xᵀ.
        transposed = rows > columns;
        int small = Math.Min(rows, columns);
        current = new DenseMatrix(small, Math.Max(rows, columns));
        next = new DenseMatrix(small, Math.Max(rows, columns));
        square = new DenseMatrix(small, small);
        fourth = new DenseMatrix(small, small);
        packed = new PackedMatrix(small, small);
        start = new Real[rows * columns];
        result = new Real[rows * columns];
    }

    /// <summary>What is to be made orthogonal, column by column.</summary>
    public Span<Real> Start => start;

    /// <summary>Runs the iteration.</summary>
    /// <param name="norm">What the matrix is divided by first.</param>
    /// <param name="factors">Its coefficients.</param>
    /// <param name="steps">How often.</param>
    /// <returns>The matrix, column by column; valid until the next run.</returns>
    public ReadOnlySpan<Real> Run(double norm, (double A, double B, double C) factors, int steps)
    {
        Copy(start, current.Values, transposed, current.RowCount);
        Wide.Scale(current.Values, 1 / norm);
        var a = (Real)factors.A;
        var b = (Real)factors.B;
        var c = (Real)factors.C;
        for (int step = 0; step < steps; step++)
        {
            Array.Clear(square.Values);
            Array.Clear(fourth.Values);
            Product.AddOuter(current, current, square);
            Product.AddOuter(square, square, fourth);
            for (int i = 0; i < square.Values.Length; i++)
            {
                fourth.Values[i] = (b * square.Values[i]) + (c * fourth.Values[i]);
            }

            packed.Pack(fourth);
            Product.Set(packed, current, next);
            for (int i = 0; i < next.Values.Length; i++)
            {
                next.Values[i] += a * current.Values[i];
            }

            (current, next) = (next, current);
        }

        Copy(current.Values, result, transposed, current.ColumnCount);
        return result;
    }

    /// <summary>Copies a matrix, or its transpose of so many rows.</summary>
    private static void Copy(ReadOnlySpan<Real> from, Span<Real> to, bool transpose, int rows)
    {
        if (!transpose)
        {
            from.CopyTo(to);
            return;
        }

        int columns = from.Length / rows;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                to[(j * rows) + i] = from[(i * columns) + j];
            }
        }
    }
}
