namespace Recurrent.Data;

/// <content>Series from files.</content>
public sealed partial class TimeSeries
{
    /// <summary>
    /// Reads a series from a CSV file: the dates from the column that holds dates, the values from the first column of numbers,
    /// or what the options say.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is written, and what to read; null finds all out.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names the CSV files beside it.</exception>
    /// <exception cref="CsvException">
    /// The file does not hold such a series, or several; the message says where and why, and which option decides.
    /// </exception>
    public static TimeSeries FromCsv(string path, CsvOptions? options = null) => CsvTable.Load(path, options).ToSeries();

    /// <summary>Reads a column of a CSV file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">Name of the column of numbers.</param>
    /// <param name="dateColumn">Name of the column of dates; null finds it, an empty text takes none.</param>
    /// <param name="gaps">What to do where the dates are not equally spaced; by default they are refused.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names the CSV files beside it.</exception>
    /// <exception cref="CsvException">The file does not hold such a series; the message says where and why.</exception>
    public static TimeSeries FromCsv(string path, string column, string? dateColumn = null, DateGaps gaps = DateGaps.Refuse)
    {
        ArgumentNullException.ThrowIfNull(column);
        return FromCsv(path, new CsvOptions { Columns = [column], DateColumn = dateColumn, Gaps = gaps });
    }
}
