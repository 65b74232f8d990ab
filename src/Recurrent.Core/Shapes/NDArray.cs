using System.Globalization;
using System.Numerics.Tensors;
using Recurrent.Shapes;

namespace Recurrent;

/// <summary>
/// An n-dimensional array: a shape and its values in row-major order (last axis fastest). The one array type that goes into
/// and comes out of a model; the first axis counts samples.
/// </summary>
/// <remarks>
/// It converts implicitly from what people hold: arrays of float, double or int of rank 1 to 4, jagged arrays, lists, MathNet
/// matrices (rows are samples) and vectors, and the platform's <see cref="Tensor{T}"/>. Conversions copy.
/// Doubles are rounded to the nearest float; whole numbers of which a float would lose digits are refused.
/// </remarks>
public sealed partial class NDArray
{
    private readonly int[] shape;

    /// <summary>Creates an array of zeros.</summary>
    /// <param name="shape">Length of every axis, slowest first.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is negative.</exception>
    public NDArray(params int[] shape)
        : this(shape, new Real[SizeOf(shape)])
    {
    }

    /// <summary>Wraps values in a shape; the values are not copied.</summary>
    /// <param name="shape">Length of every axis, slowest first.</param>
    /// <param name="values">The values in row-major order.</param>
    /// <exception cref="ArgumentException">The number of values is not the product of the axes.</exception>
    public NDArray(IReadOnlyList<int> shape, Real[] values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        this.shape = [.. shape];
        int size = SizeOf(this.shape);
        if (size != values.Length)
        {
            throw new ArgumentException(
                $"Shape {Describe(this.shape)} holds {size} values, but {values.Length} were given.", nameof(values));
        }

        Values = values;
    }

    /// <summary>Length of every axis, slowest first.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>Number of axes.</summary>
    public int Rank => shape.Length;

    /// <summary>Number of values.</summary>
    public int Size => Values.Length;

    /// <summary>The values in row-major order. This is the array itself, not a copy.</summary>
    public Real[] Values { get; }

    /// <summary>One value.</summary>
    /// <param name="indices">Its place along every axis.</param>
    /// <exception cref="ArgumentException">There are not as many indices as axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside its axis.</exception>
    public Real this[params ReadOnlySpan<int> indices]
    {
        get => Values[Offset(indices)];
        set => Values[Offset(indices)] = value;
    }

    /// <summary>An array with the same values in another shape; the values are shared, not copied.</summary>
    /// <param name="newShape">The new axes; one of them may be -1, which stands for what is left.</param>
    /// <exception cref="ArgumentException">The new shape does not hold the same number of values.</exception>
    public NDArray Reshape(params int[] newShape)
    {
        ArgumentNullException.ThrowIfNull(newShape);
        int open = Array.IndexOf(newShape, -1);
        if (open != Array.LastIndexOf(newShape, -1))
        {
            throw new ArgumentException(
                $"Shape {Describe(newShape)} leaves several axes open (-1), but only one can follow from the others. Give the "
                + "length of all but one.", nameof(newShape));
        }

        if (open >= 0)
        {
            int others = SizeOf(newShape.Where((_, i) => i != open));
            if (others != 0 && Size % others != 0)
            {
                throw new ArgumentException(
                    $"{Size} values do not fill shape {Describe(newShape)}: {others} does not divide their number.",
                        nameof(newShape));
            }

            newShape = [.. newShape];
            newShape[open] = others == 0 ? 0 : Size / others;
        }

        return new NDArray(newShape, Values);
    }

    /// <summary>A run of samples: part of the first axis, copied.</summary>
    /// <param name="start">First sample.</param>
    /// <param name="count">Number of samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The samples are not all inside the array.</exception>
    public NDArray Slice(int start, int count)
    {
        if (Rank == 0 || start < 0 || count < 0 || start > shape[0] - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start,
                    $"Samples {start} to {(long)start + count} do not lie inside an array of shape {Describe(shape)}.");
        }

        int stride = shape[0] == 0 ? 0 : Size / shape[0];
        return new NDArray([count, .. shape[1..]], Values.AsSpan(start * stride, count * stride).ToArray());
    }

    /// <summary>The shape and the first few values.</summary>
    public override string ToString()
    {
        string values = string.Join(", ", Values.Take(8).Select(v => v.ToString("G6", CultureInfo.InvariantCulture)));
        return $"NDArray {Describe(shape)} [{values}{(Size > 8 ? ", …" : string.Empty)}]";
    }

    internal static string Describe(IEnumerable<int> shape) =>
        $"({string.Join(", ", shape.Select(axis => axis.ToString(CultureInfo.InvariantCulture)))})";

    /// <summary>The product of the axes, where one array can hold as many values.</summary>
    private static int SizeOf(IEnumerable<int> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int[] axes = [.. shape];
        int negative = Array.FindIndex(axes, axis => axis < 0);
        if (negative >= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(shape), axes[negative],
                    $"Axis {negative} of shape {Describe(axes)} is negative: lengths of axes are at least 0.");
        }

        return ArraySize.Of($"An array of shape {Describe(axes)}", "Cut it into several arrays along its first axis.",
            nameof(shape), axes);
    }

    private int Offset(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Rank)
        {
            throw new ArgumentException($"An array of shape {Describe(shape)} takes {Rank} indices, not {indices.Length}.",
                nameof(indices));
        }

        int offset = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)shape[i])
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), indices[i],
                        $"Index {indices[i]} lies outside axis {i} of an array of shape {Describe(shape)}.");
            }

            offset = (offset * shape[i]) + indices[i];
        }

        return offset;
    }
}
