using System.Globalization;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Recurrent;

/// <summary>
/// An n-dimensional array: a shape and its values in row-major order (last axis fastest). The one array type that goes into
/// and comes out of a model; the first axis counts samples.
/// </summary>
/// <remarks>
/// It converts implicitly from what people hold: arrays of float or double of rank 1 to 3, jagged arrays, MathNet matrices
/// (rows are samples) and vectors, and the platform's <see cref="Tensor{T}"/>. Conversions copy.
/// Doubles are rounded to the nearest float.
/// </remarks>
public sealed class NDArray
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

    /// <summary>Copies a vector.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(float[] values) => FromFloats([NotNull(values).Length], values);

    /// <summary>Copies a matrix whose first axis counts samples.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(float[,] values) => FromFloats(AxesOf(values), Flatten<float>(values));

    /// <summary>Copies a three-dimensional array (samples, timesteps, features).</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(float[,,] values) => FromFloats(AxesOf(values), Flatten<float>(values));

    /// <summary>Copies rows of equal length.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static implicit operator NDArray(float[][] rows) => FromFloats([NotNull(rows).Length, WidthOf(rows)], [.. rows.SelectMany(r => r)]);

    /// <summary>Copies a vector.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(double[] values) => FromDoubles([NotNull(values).Length], values);

    /// <summary>Copies a matrix whose first axis counts samples.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(double[,] values) => FromDoubles(AxesOf(values), Flatten<double>(values));

    /// <summary>Copies a three-dimensional array (samples, timesteps, features).</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(double[,,] values) => FromDoubles(AxesOf(values), Flatten<double>(values));

    /// <summary>Copies rows of equal length.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static implicit operator NDArray(double[][] rows) => FromDoubles([NotNull(rows).Length, WidthOf(rows)], [.. rows.SelectMany(r => r)]);

    /// <summary>Copies integer labels; every integer up to 2²⁴ in magnitude is represented exactly.</summary>
    /// <param name="labels">The labels.</param>
    public static implicit operator NDArray(int[] labels) => new([NotNull(labels).Length], Array.ConvertAll(labels, v => (Real)v));

    /// <summary>Copies integer labels or token ids (samples, timesteps).</summary>
    /// <param name="labels">The labels.</param>
    public static implicit operator NDArray(int[,] labels) =>
        new(AxesOf(labels), Array.ConvertAll(Flatten<int>(labels), v => (Real)v));

    /// <summary>Copies a matrix whose rows are samples.</summary>
    /// <param name="matrix">The matrix.</param>
    public static implicit operator NDArray(Matrix<float> matrix) =>
        FromFloats([NotNull(matrix).RowCount, matrix.ColumnCount], matrix.ToRowMajorArray());

    /// <summary>Copies a matrix whose rows are samples.</summary>
    /// <param name="matrix">The matrix.</param>
    public static implicit operator NDArray(Matrix<double> matrix) =>
        FromDoubles([NotNull(matrix).RowCount, matrix.ColumnCount], matrix.ToRowMajorArray());

    /// <summary>Copies a vector.</summary>
    /// <param name="vector">The vector.</param>
    public static implicit operator NDArray(Vector<float> vector) => NotNull(vector).ToArray();

    /// <summary>Copies a vector.</summary>
    /// <param name="vector">The vector.</param>
    public static implicit operator NDArray(Vector<double> vector) => NotNull(vector).ToArray();

    /// <summary>Copies a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    public static implicit operator NDArray(Tensor<float> tensor)
    {
        var values = new float[NotNull(tensor).FlattenedLength];
        tensor.FlattenTo(values);
        return FromFloats(AxesOf(tensor.Lengths), values);
    }

    /// <summary>Copies a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    public static implicit operator NDArray(Tensor<double> tensor)
    {
        var values = new double[NotNull(tensor).FlattenedLength];
        tensor.FlattenTo(values);
        return FromDoubles(AxesOf(tensor.Lengths), values);
    }

    /// <summary>The values as a vector of floats.</summary>
    /// <param name="array">An array of rank 1, or whose other axes are all 1.</param>
    /// <exception cref="InvalidCastException">More than one axis is longer than 1.</exception>
    public static explicit operator float[](NDArray array) =>
        Array.ConvertAll(NotNull(array).RequireVector(), v => (float)v);

    /// <summary>The values as a vector of doubles.</summary>
    /// <param name="array">An array of rank 1, or whose other axes are all 1.</param>
    /// <exception cref="InvalidCastException">More than one axis is longer than 1.</exception>
    public static explicit operator double[](NDArray array) =>
        Array.ConvertAll(NotNull(array).RequireVector(), v => (double)v);

    /// <summary>The values as a matrix of floats.</summary>
    /// <param name="array">An array of rank 2.</param>
    /// <exception cref="InvalidCastException">The rank is not 2.</exception>
    public static explicit operator float[,](NDArray array)
    {
        NotNull(array).RequireRank(2, "float[,]");
        var result = new float[array.shape[0], array.shape[1]];
        array.CopyToMultidimensional(result, v => (float)v);
        return result;
    }

    /// <summary>The values as a three-dimensional array of floats.</summary>
    /// <param name="array">An array of rank 3.</param>
    /// <exception cref="InvalidCastException">The rank is not 3.</exception>
    public static explicit operator float[,,](NDArray array)
    {
        NotNull(array).RequireRank(3, "float[,,]");
        var result = new float[array.shape[0], array.shape[1], array.shape[2]];
        array.CopyToMultidimensional(result, v => (float)v);
        return result;
    }

    /// <summary>The values as a matrix of doubles.</summary>
    /// <param name="array">An array of rank 2.</param>
    /// <exception cref="InvalidCastException">The rank is not 2.</exception>
    public static explicit operator double[,](NDArray array)
    {
        NotNull(array).RequireRank(2, "double[,]");
        var result = new double[array.shape[0], array.shape[1]];
        array.CopyToMultidimensional(result, v => (double)v);
        return result;
    }

    /// <summary>The values as a MathNet matrix whose rows are samples.</summary>
    /// <param name="array">An array of rank 2.</param>
    /// <exception cref="InvalidCastException">The rank is not 2.</exception>
    public static explicit operator Matrix<Real>(NDArray array)
    {
        NotNull(array).RequireRank(2, "a matrix");
        return Matrix<Real>.Build.DenseOfRowMajor(array.shape[0], array.shape[1], array.Values);
    }

    /// <summary>The values as the platform's tensor.</summary>
    /// <param name="array">Any array.</param>
    public static explicit operator Tensor<Real>(NDArray array) => Tensor.Create(
        (Real[])NotNull(array).Values.Clone(), Array.ConvertAll(array.shape, axis => (nint)axis));

    /// <summary>An array with the same values in another shape; the values are shared, not copied.</summary>
    /// <param name="newShape">The new axes; one of them may be -1, which stands for what is left.</param>
    /// <exception cref="ArgumentException">The new shape does not hold the same number of values.</exception>
    public NDArray Reshape(params int[] newShape)
    {
        ArgumentNullException.ThrowIfNull(newShape);
        int open = Array.IndexOf(newShape, -1);
        if (open >= 0)
        {
            int others = SizeOf(newShape.Where((_, i) => i != open));
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
                nameof(start), start, $"Samples {start} to {start + count} do not lie inside an array of shape {Describe(shape)}.");
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

    private static int SizeOf(IEnumerable<int> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int size = 1;
        foreach (int axis in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(axis, nameof(shape));
            size = checked(size * axis);
        }

        return size;
    }

    private static T NotNull<T>(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }

    private static int[] AxesOf(Array values) => [.. Enumerable.Range(0, NotNull(values).Rank).Select(values.GetLength)];

    private static int[] AxesOf(ReadOnlySpan<nint> lengths)
    {
        var axes = new int[lengths.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = checked((int)lengths[i]);
        }

        return axes;
    }

    private static T[] Flatten<T>(Array values)
    {
        var flat = new T[values.Length];
        Buffer.BlockCopy(values, 0, flat, 0, Buffer.ByteLength(values));
        return flat;
    }

    private static int WidthOf<T>(T[][] rows)
    {
        int width = rows.Length == 0 ? 0 : rows[0].Length;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != width)
            {
                throw new ArgumentException(
                    $"Row {i} has {rows[i].Length} values, but row 0 has {width}. All rows must have the same length.", nameof(rows));
            }
        }

        return width;
    }

    private static NDArray FromFloats(int[] shape, float[] values) => new(shape, Array.ConvertAll(values, v => (Real)v));

    private static NDArray FromDoubles(int[] shape, double[] values) => new(shape, Array.ConvertAll(values, v => (Real)v));

    private int Offset(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Rank)
        {
            throw new ArgumentException($"An array of shape {Describe(shape)} takes {Rank} indices, not {indices.Length}.", nameof(indices));
        }

        int offset = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)shape[i])
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), indices[i], $"Index {indices[i]} lies outside axis {i} of an array of shape {Describe(shape)}.");
            }

            offset = (offset * shape[i]) + indices[i];
        }

        return offset;
    }

    private Real[] RequireVector()
    {
        if (shape.Count(axis => axis != 1) > 1)
        {
            throw new InvalidCastException($"An array of shape {Describe(shape)} is not a vector: more than one of its axes is longer than 1.");
        }

        return Values;
    }

    private void RequireRank(int rank, string target)
    {
        if (Rank != rank)
        {
            throw new InvalidCastException($"An array of shape {Describe(shape)} does not convert to {target}: its rank is {Rank}, not {rank}.");
        }
    }

    private void CopyToMultidimensional<T>(Array target, Converter<Real, T> convert) =>
        Buffer.BlockCopy(Array.ConvertAll(Values, convert), 0, target, 0, Buffer.ByteLength(target));
}
