using System.Buffers;
using System.Numerics.Tensors;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Regularizers;

/// <summary>
/// Pushes the rows or the columns of a kernel towards being orthogonal to each other:
/// <c>λ · mean of |uᵢ·uⱼ| over the pairs i &lt; j</c>, where u are the rows or columns scaled to length 1.
/// </summary>
/// <remarks>
/// Rows and columns are those of Keras's kernel, (features, units). Gradient with respect to a row x of length n, u = x/n:
/// <c>(g − (g·u) u)/n</c> with <c>gᵢ = λ/pairs · Σⱼ sign(uᵢ·uⱼ) uⱼ</c>. A row shorter than 1e-7 is divided by 1e-7. Where there
/// is only one row there are no pairs and no penalty.
/// </remarks>
public sealed class OrthogonalRegularizer : Regularizer
{
    private const double Epsilon = 1e-7;

    private readonly double factor;
    private readonly string mode;

    /// <summary>Creates the penalty.</summary>
    /// <param name="factor">The factor λ, at least 0; default 0.01.</param>
    /// <param name="mode"><c>"rows"</c> (the default) or <c>"columns"</c>.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public OrthogonalRegularizer(double factor = 0.01, string mode = "rows")
    {
        new OptionCheck(ClassName).AtLeast("factor", factor, 0).InRange("factor", factor).OneOf("mode", mode, "rows", "columns")
            .ThrowIfAny();
        this.factor = factor;
        this.mode = mode;
    }

    /// <inheritdoc/>
    public override string ClassName => "OrthogonalRegularizer";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameter is not a matrix.</exception>
    public override void CheckShape(ReadOnlySpan<int> shape)
    {
        if (shape.Length != 2)
        {
            throw new ArgumentException(
                "OrthogonalRegularizer takes matrices only, "
                + $"but the parameter has the shape ({string.Join(", ", shape.ToArray())}).",
                nameof(shape));
        }
    }

    /// <inheritdoc/>
    public override bool IsAdditive => false;

    /// <inheritdoc/>
    public override double Penalty(ReadOnlySpan<Real> values, int rows)
    {
        (int count, int length) = Vectors(values.Length, rows);
        Real[] units = ArrayPool<Real>.Shared.Rent(values.Length);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            Span<Real> unit = units.AsSpan(i * length, length);
            Normalize(values, rows, i, unit);
            for (int j = 0; j < i; j++)
            {
                sum += Math.Abs(Sums.OfProducts<Real>(unit, units.AsSpan(j * length, length)));
            }
        }

        ArrayPool<Real>.Shared.Return(units);
        return factor * sum / Pairs(count);
    }

    /// <inheritdoc/>
    public override void AddGradient(ReadOnlySpan<Real> values, Span<Real> gradient, int rows, Real scale)
    {
        (int count, int length) = Vectors(values.Length, rows);
        Real[] units = ArrayPool<Real>.Shared.Rent(values.Length);
        double[] norms = ArrayPool<double>.Shared.Rent(count);
        Real[] pull = ArrayPool<Real>.Shared.Rent(length);
        for (int i = 0; i < count; i++)
        {
            norms[i] = Normalize(values, rows, i, units.AsSpan(i * length, length));
        }

        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<Real> unit = units.AsSpan(i * length, length);
            Span<Real> g = pull.AsSpan(0, length);
            g.Clear();
            for (int j = 0; j < count; j++)
            {
                ReadOnlySpan<Real> other = units.AsSpan(j * length, length);
                double product = i == j ? 0 : Sums.OfProducts<Real>(unit, other);
                TensorPrimitives.MultiplyAdd(other, product > 0 ? 1 : product < 0 ? -1 : 0, g, g);
            }

            // The length of a vector that was divided by ε does not follow the vector, so nothing is to be taken off there.
            if (norms[i] > Epsilon)
            {
                TensorPrimitives.MultiplyAdd(unit, -(Real)Sums.OfProducts<Real>(g, unit), g, g);
            }

            double weight = factor * scale / Pairs(count) / norms[i];
            (int start, int step) = Place(i, rows);
            for (int k = 0; k < length; k++)
            {
                gradient[start + (k * step)] += (Real)(weight * g[k]);
            }
        }

        ArrayPool<Real>.Shared.Return(units);
        ArrayPool<double>.Shared.Return(norms);
        ArrayPool<Real>.Shared.Return(pull);
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "factor", factor }, { "mode", mode } };

    private static double Pairs(int count) => Math.Max(1, count * (count - 1.0) / 2);

    private (int Count, int Length) Vectors(int size, int rows) => mode == "rows" ? (size / rows, rows) : (rows, size / rows);

    // A row of Keras's kernel is a column of the matrix: adjacent values.
    private (int Start, int Step) Place(int vector, int rows) => mode == "rows" ? (vector * rows, 1) : (vector, rows);

    // Copies a vector, scaled to length 1, and returns what it was divided by.
    private double Normalize(ReadOnlySpan<Real> values, int rows, int vector, Span<Real> unit)
    {
        (int start, int step) = Place(vector, rows);
        for (int k = 0; k < unit.Length; k++)
        {
            unit[k] = values[start + (k * step)];
        }

        double norm = Math.Max(Sums.Norm<Real>(unit), Epsilon);
        Wide.Scale(unit, 1 / norm);
        return norm;
    }
}
