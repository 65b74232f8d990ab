using MathNet.Numerics.LinearAlgebra;

namespace Recurrent.Data;

/// <content>Series from and to arrays, vectors and matrices.</content>
public sealed partial class TimeSeries
{
    /// <summary>Creates a series of several variables from an array.</summary>
    /// <param name="name">Name of the series.</param>
    /// <param name="variables">Names of the variables, one for each column.</param>
    /// <param name="values">The values, (time, variables); NaN where one is missing.</param>
    /// <param name="dates">The date of each step, or null.</param>
    /// <param name="options">What to do with dates that are not in order, come twice or leave some out; null refuses
    /// them.</param>
    /// <exception cref="ArgumentException">Names and columns differ in number, a value is infinite, or the dates are not what the
    /// options allow.</exception>
    public static TimeSeries FromArray(string name, IReadOnlyList<string> variables, double[,] values,
        IReadOnlyList<DateTime>? dates = null, SeriesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[][] columns = [.. Enumerable.Range(0, values.GetLength(1)).Select(column =>
            Enumerable.Range(0, values.GetLength(0)).Select(row => values[row, column]).ToArray())];
        return Create(name, variables, columns, dates, options);
    }

    /// <summary>Creates a series of one variable from a vector of MathNet.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="values">The values, oldest first; NaN where one is missing.</param>
    /// <param name="dates">The date of each step, or null.</param>
    /// <param name="options">What to do with dates that are not in order, come twice or leave some out; null refuses
    /// them.</param>
    /// <exception cref="ArgumentException">A value is infinite, or the dates are not what the options allow.</exception>
    public static TimeSeries FromVector(string name, Vector<double> values, IReadOnlyList<DateTime>? dates = null,
        SeriesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, values.ToArray(), dates, options ?? new SeriesOptions());
    }

    /// <summary>Creates a series of several variables from a matrix of MathNet.</summary>
    /// <param name="name">Name of the series.</param>
    /// <param name="variables">Names of the variables, one for each column.</param>
    /// <param name="values">The values, (time, variables); NaN where one is missing.</param>
    /// <param name="dates">The date of each step, or null.</param>
    /// <param name="options">What to do with dates that are not in order, come twice or leave some out; null refuses
    /// them.</param>
    /// <exception cref="ArgumentException">Names and columns differ in number, a value is infinite, or the dates are not what the
    /// options allow.</exception>
    public static TimeSeries FromMatrix(string name, IReadOnlyList<string> variables, Matrix<double> values,
        IReadOnlyList<DateTime>? dates = null, SeriesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Create(name, variables, values.ToColumnArrays(), dates, options);
    }

    /// <summary>The values, (time, variables).</summary>
    public double[,] ToArray()
    {
        var array = new double[Count, variables.Length];
        for (int row = 0; row < Count; row++)
        {
            for (int column = 0; column < variables.Length; column++)
            {
                array[row, column] = columns[column][row];
            }
        }

        return array;
    }

    /// <summary>The values as models take them, (time, variables), in a float's precision; NaN where one is missing.</summary>
    /// <exception cref="ArgumentException">A value leaves the range of a float.</exception>
    public NDArray ToNDArray() => ToArray();

    /// <summary>The values of a variable as a vector of MathNet.</summary>
    /// <param name="variable">Name of the variable; null is the first.</param>
    /// <exception cref="ArgumentException">There is no such variable.</exception>
    public Vector<double> ToVector(string? variable = null) =>
        Vector<double>.Build.DenseOfArray(columns[variable is null ? 0 : IndexOf(variable)]);

    /// <summary>The values as a matrix of MathNet, (time, variables).</summary>
    public Matrix<double> ToMatrix() => Matrix<double>.Build.DenseOfColumnArrays(columns);
}
