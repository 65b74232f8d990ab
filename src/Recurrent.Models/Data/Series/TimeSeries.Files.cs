using System.Data.Common;

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

    /// <summary>Reads a series from the rows of a database query, which find their dates and numbers as those of a CSV file
    /// do.</summary>
    /// <param name="reader">The rows; those that are left are read, and the reader stays open.</param>
    /// <param name="options">What to read; null finds all out.</param>
    /// <param name="name">What messages call the query.</param>
    /// <exception cref="TableException">The rows hold no such series, or several; the message says where and why.</exception>
    public static TimeSeries FromReader(DbDataReader reader, TableOptions? options = null, string name = "The query") =>
        ReaderTable.Read(reader, name).ToSeries(options);

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

    /// <summary>Writes the series to a CSV file: a column of dates, where it has them, and one for each variable.</summary>
    /// <param name="path">The file; one that is there is replaced when all is written.</param>
    /// <param name="options">How to write it; null is comma and point.</param>
    /// <exception cref="ArgumentException">The separator and the decimal mark are the same.</exception>
    public void ToCsv(string path, CsvOptions? options = null) =>
        CsvWriting.ToFile(path, writer => ToCsv(writer, options), options);

    /// <summary>Writes the series as CSV.</summary>
    /// <param name="writer">Where to; it stays open.</param>
    /// <param name="options">How to write it; null is comma and point.</param>
    /// <exception cref="ArgumentException">The separator and the decimal mark are the same.</exception>
    public void ToCsv(TextWriter writer, CsvOptions? options = null) => new CsvWriting(writer, options).Write(this);
}
