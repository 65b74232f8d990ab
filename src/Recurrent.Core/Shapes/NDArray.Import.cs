using System.Globalization;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Recurrent;

/// <content>Conversions from what people hold.</content>
public sealed partial class NDArray
{
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
    /// <exception cref="ArgumentException">The rows differ in length, or one is null.</exception>
    public static implicit operator NDArray(float[][] rows) =>
        FromFloats([NotNull(rows).Length, WidthOf(rows)], [.. rows.SelectMany(r => r)]);

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
    /// <exception cref="ArgumentException">The rows differ in length, or one is null.</exception>
    public static implicit operator NDArray(double[][] rows) =>
        FromDoubles([NotNull(rows).Length, WidthOf(rows)], [.. rows.SelectMany(r => r)]);

    /// <summary>Copies integer labels; every integer up to 2²⁴ in magnitude is represented exactly.</summary>
    /// <param name="labels">The labels.</param>
    /// <exception cref="ArgumentException">A float would lose digits of one.</exception>
    public static implicit operator NDArray(int[] labels) => FromIntegers([NotNull(labels).Length], labels);

    /// <summary>Copies integer labels or token ids (samples, timesteps).</summary>
    /// <param name="labels">The labels.</param>
    /// <exception cref="ArgumentException">A float would lose digits of one.</exception>
    public static implicit operator NDArray(int[,] labels) => FromIntegers(AxesOf(labels), Flatten<int>(labels));

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

    /// <summary>Copies a list.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(List<float> values) => NotNull(values).ToArray();

    /// <summary>Copies a list.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(List<double> values) => NotNull(values).ToArray();

    /// <summary>Copies a list of integer labels.</summary>
    /// <param name="labels">The labels.</param>
    /// <exception cref="ArgumentException">A float would lose digits of one.</exception>
    public static implicit operator NDArray(List<int> labels) => NotNull(labels).ToArray();

    /// <summary>Copies rows of equal length.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ArgumentException">The rows differ in length, or one is null.</exception>
    public static implicit operator NDArray(List<float[]> rows) => NotNull(rows).ToArray();

    /// <summary>Copies rows of equal length.</summary>
    /// <param name="rows">The rows.</param>
    /// <exception cref="ArgumentException">The rows differ in length, or one is null.</exception>
    public static implicit operator NDArray(List<double[]> rows) => NotNull(rows).ToArray();

    /// <summary>Copies samples of equal shape (samples, timesteps, features).</summary>
    /// <param name="samples">The samples, each with its rows.</param>
    /// <exception cref="ArgumentException">They differ in shape, or one is null.</exception>
    public static implicit operator NDArray(float[][][] samples) => FromFloats(AxesOf(samples), Flatten(samples));

    /// <summary>Copies samples of equal shape (samples, timesteps, features).</summary>
    /// <param name="samples">The samples, each with its rows.</param>
    /// <exception cref="ArgumentException">They differ in shape, or one is null.</exception>
    public static implicit operator NDArray(double[][][] samples) => FromDoubles(AxesOf(samples), Flatten(samples));

    /// <summary>Copies a four-dimensional array.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(float[,,,] values) => FromFloats(AxesOf(values), Flatten<float>(values));

    /// <summary>Copies a four-dimensional array.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator NDArray(double[,,,] values) => FromDoubles(AxesOf(values), Flatten<double>(values));

    /// <summary>Copies integers (samples, timesteps, features).</summary>
    /// <param name="labels">The integers.</param>
    /// <exception cref="ArgumentException">A float would lose digits of one.</exception>
    public static implicit operator NDArray(int[,,] labels) => FromIntegers(AxesOf(labels), Flatten<int>(labels));

    /// <summary>Copies a four-dimensional array of integers.</summary>
    /// <param name="labels">The integers.</param>
    /// <exception cref="ArgumentException">A float would lose digits of one.</exception>
    public static implicit operator NDArray(int[,,,] labels) => FromIntegers(AxesOf(labels), Flatten<int>(labels));

    /// <summary>An integer as it is, where a float has room for all its digits.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    internal static Real Exact(int value, int place)
    {
        Real converted = value;
        return (long)converted == value
            ? converted
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Integer {place} is {value}, which a float cannot hold: above 2²⁴ "
                    + $"= 16777216 it would become {(long)converted}. Number ids from 0 on; turn counts and timestamps into "
                    + $"double[] and scale them."), nameof(value));
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
        int width = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] is null)
            {
                throw new ArgumentException($"Row {i} of {rows.Length} is null. Leave it out, or fill it.", nameof(rows));
            }

            width = i == 0 ? rows[0].Length : width;
            if (rows[i].Length != width)
            {
                throw new ArgumentException(
                    $"Row {i} has {rows[i].Length} values, but row 0 has {width}. All rows must have the same length.",
                        nameof(rows));
            }
        }

        return width;
    }

    private static int[] AxesOf<T>(T[][][] samples)
    {
        int[]? first = null;
        for (int i = 0; i < NotNull(samples).Length; i++)
        {
            if (samples[i] is null)
            {
                throw new ArgumentException($"Sample {i} of {samples.Length} is null. Leave it out, or fill it.",
                    nameof(samples));
            }

            int[] axes;
            try
            {
                axes = [samples[i].Length, WidthOf(samples[i])];
            }
            catch (ArgumentException uneven)
            {
                throw new ArgumentException($"Sample {i}: {uneven.Message}", nameof(samples), uneven);
            }

            first ??= axes;
            if (!axes.AsSpan().SequenceEqual(first))
            {
                throw new ArgumentException(
                    $"Sample {i} has shape {Describe(axes)}, but sample 0 has shape {Describe(first)}. Pad them "
                    + "(PadSequences), or give them as RaggedSequences.",
                    nameof(samples));
            }
        }

        return [samples.Length, .. first ?? [0, 0]];
    }

    private static T[] Flatten<T>(T[][][] samples) => [.. samples.SelectMany(rows => rows).SelectMany(row => row)];

    private static NDArray FromFloats(int[] shape, float[] values) => new(shape, Array.ConvertAll(values, v => (Real)v));

    private static NDArray FromDoubles(int[] shape, double[] values)
    {
        var converted = new Real[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            converted[i] = (Real)values[i];
            if (Real.IsInfinity(converted[i]) && double.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"Value {i} is {values[i]}, beyond the largest float, "
                        + $"{float.MaxValue}. Bring the values to scale first, for instance with StandardScaler."),
                        nameof(values));
            }
        }

        return new(shape, converted);
    }

    private static NDArray FromIntegers(int[] shape, int[] values)
    {
        var converted = new Real[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            converted[i] = Exact(values[i], i);
        }

        return new(shape, converted);
    }
}
