using Recurrent.Shapes;

namespace Recurrent;

/// <summary>
/// An array whose samples are computed when they are read, in place of an <see cref="NDArray"/> that would not fit in memory:
/// windows over a long series, rows of a file. A model takes it wherever it takes an array, and asks for the samples of a batch
/// when it runs the batch.
/// </summary>
/// <remarks>
/// Samples may be read by several threads at once, any number of times, and must be the same each time. Every sample is read once
/// before training, to refuse values that are not finite.
/// </remarks>
public abstract class LazyArray
{
    private readonly int[] shape;

    /// <summary>Creates an array.</summary>
    /// <param name="shape">Length of every axis, slowest first; the first one counts samples, which may be more than fit in an
    /// array.</param>
    /// <exception cref="ArgumentException">There is no axis of samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An axis is negative, or a sample is larger than an array.</exception>
    protected LazyArray(params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length == 0)
        {
            throw new ArgumentException("The first axis counts samples: a lazy array needs one.", nameof(shape));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(shape[0], nameof(shape));
        this.shape = [.. shape];
        SampleSize = shape.Length == 1 ? 1
            : ArraySize.Of("a sample of a lazy array", "Make samples smaller.", nameof(shape), shape.AsSpan(1));
    }

    /// <summary>Length of every axis, slowest first; the first one counts samples.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>Number of samples.</summary>
    public int Count => shape[0];

    /// <summary>Number of values in a sample.</summary>
    public int SampleSize { get; }

    /// <summary>The least and the greatest value there is, all of them finite; null where nobody knows without reading them
    /// all.</summary>
    internal virtual (double Least, double Most)? KnownRange => null;

    /// <summary>Computes a sample.</summary>
    /// <param name="sample">Which one, from 0.</param>
    /// <param name="values">Receives its values in row-major order; as long as <see cref="SampleSize"/>.</param>
    public abstract void Read(int sample, Span<Real> values);

    /// <summary>All samples, or a run of them, written out.</summary>
    /// <param name="start">First sample.</param>
    /// <param name="count">Number of samples; null takes all from <paramref name="start"/> on.</param>
    /// <exception cref="ArgumentOutOfRangeException">The samples are not all inside the array.</exception>
    /// <exception cref="ArgumentException">They are more than fit in an array.</exception>
    public NDArray ToArray(int start = 0, int? count = null)
    {
        int taken = count ?? (Count - start);
        if (start < 0 || taken < 0 || start > Count - taken)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, $"Samples {start} to {(long)start + taken} do not lie inside an array of shape "
                    + $"{NDArray.Describe(shape)}.");
        }

        int[] axes = [taken, .. shape[1..]];
        _ = ArraySize.Of($"{taken} samples", "Take fewer of them at a time.", nameof(count), axes);
        var array = new NDArray(axes);
        for (int i = 0; i < taken; i++)
        {
            Read(start + i, array.Values.AsSpan(i * SampleSize, SampleSize));
        }

        return array;
    }
}
