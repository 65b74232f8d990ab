namespace Recurrent.Data;

/// <content>Series from files.</content>
public sealed partial class TimeSeries
{
    /// <summary>Reads a column of a CSV file.</summary>
    /// <param name="path">The file, with a header row.</param>
    /// <param name="column">Name of the column of numbers.</param>
    /// <param name="dateColumn">Name of the column of dates, or null.</param>
    /// <param name="gaps">What to do where the dates are not equally spaced; by default they are refused.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CsvException">The file does not hold such a series; the message says where and why.</exception>
    public static TimeSeries FromCsv(string path, string column, string? dateColumn = null, DateGaps gaps = DateGaps.Refuse) =>
        CsvTable.Load(path).Series(column, dateColumn, gaps);
}
