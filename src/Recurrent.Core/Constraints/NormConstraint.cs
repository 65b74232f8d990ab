using System.Buffers;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>
/// A constraint on the norms <c>n = √Σ w²</c> along some axes of a parameter: all values that share a norm are multiplied by
/// <c>desired(n) / (n + 1e-7)</c>.
/// </summary>
/// <remarks>
/// With axis 0, the default, a norm is that of the weights into one unit of a kernel (features, units). The small number in the
/// divisor is Keras's: even values within bounds shrink by a hair.
/// </remarks>
public abstract class NormConstraint : Constraint
{
    private const double Epsilon = 1e-7;

    private readonly int[] axes;

    /// <summary>Sets what the norms run along.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    private protected NormConstraint(IReadOnlyList<int> axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        this.axes = [.. axes];
    }

    /// <summary>The axes as a config has them: one number, or a list.</summary>
    private protected object Axis => axes.Length == 1 ? axes[0] : axes;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameter does not have as many axes as the norms run along.</exception>
    public sealed override void CheckShape(ReadOnlySpan<int> shape)
    {
        int found = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            found += IsReduced(axis, shape.Length) ? 1 : 0;
        }

        if (found < axes.Length)
        {
            throw new ArgumentException(
                $"{ClassName} takes norms along axis {string.Join(", ", axes)}, "
                + $"but the parameter has the shape ({string.Join(", ", shape.ToArray())}).",
                nameof(shape));
        }
    }

    /// <inheritdoc/>
    public sealed override void Apply(ReadOnlySpan<int> shape, Span<Real> values)
    {
        CheckShape(shape);
        // Step of each axis in the array of norms; 0 along the axes that a norm runs along.
        Span<int> steps = stackalloc int[shape.Length];
        int norms = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            bool reduced = IsReduced(axis, shape.Length);
            steps[axis] = reduced ? 0 : norms;
            norms *= reduced ? 1 : shape[axis];
        }

        // In double precision: neither squares nor norms of large weights leave its range.
        double unit = Sums.Unit<Real>(values);
        double[] rented = ArrayPool<double>.Shared.Rent(norms);
        Span<double> scales = rented.AsSpan(0, norms);
        scales.Clear();
        int run = shape[^1];
        for (int start = 0; start < values.Length; start += run)
        {
            AddSquares(values.Slice(start, run), unit, scales[FirstNorm(start, shape, steps)..], steps[^1] == 0);
        }

        foreach (ref double scale in scales)
        {
            double norm = unit * Math.Sqrt(scale);
            scale = Desired(norm) / (norm + Epsilon);
        }

        for (int start = 0; start < values.Length; start += run)
        {
            Multiply(values.Slice(start, run), scales[FirstNorm(start, shape, steps)..], steps[^1] == 0);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Reports what is wrong with a list of axes.</summary>
    /// <param name="check">The check that gathers problems.</param>
    /// <param name="axes">The axes.</param>
    private protected static OptionCheck CheckAxes(OptionCheck check, IReadOnlyList<int> axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        return check.Require(
            axes.Count > 0 && axes.Distinct().Count() == axes.Count,
            $"axis must name at least one axis and none twice, but is [{string.Join(", ", axes)}]",
            "axis");
    }

    /// <summary>What a norm should be.</summary>
    /// <param name="norm">What it is.</param>
    private protected abstract double Desired(double norm);

    private bool IsReduced(int axis, int rank) => axes.AsSpan().Contains(axis) || axes.AsSpan().Contains(axis - rank);

    // The norm that the first value of a run (along the last axis) belongs to.
    private static int FirstNorm(int start, ReadOnlySpan<int> shape, ReadOnlySpan<int> steps)
    {
        int norm = 0;
        int rest = start / shape[^1];
        for (int axis = shape.Length - 2; axis >= 0; axis--)
        {
            norm += rest % shape[axis] * steps[axis];
            rest /= shape[axis];
        }

        return norm;
    }

    private static void AddSquares(ReadOnlySpan<Real> run, double unit, Span<double> sums, bool oneNorm)
    {
        if (oneNorm)
        {
            double norm = Sums.Norm(run) / unit;
            sums[0] += norm * norm;
        }
        else
        {
            Wide.AddSquares(run, unit, sums);
        }
    }

    private static void Multiply(Span<Real> run, ReadOnlySpan<double> scales, bool oneNorm)
    {
        if (oneNorm)
        {
            Wide.Scale(run, scales[0]);
        }
        else
        {
            Wide.Scale(run, scales);
        }
    }
}
