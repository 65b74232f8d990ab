using System.Data.Common;

namespace Recurrent.Data;

/// <content>Panels from files.</content>
public sealed partial class SeriesPanel
{
    /// <summary>
    /// Reads a panel from a CSV file: series one below the other, where a column names them and dates come several times; side by
    /// side, one in each column of numbers; or one in each row, where dates are the names of columns, or names come before
    /// nothing but numbers. Columns that are constant within each series become attributes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is written, and what to read; null finds all out.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names the CSV files beside it.</exception>
    /// <exception cref="CsvException">The file does not hold such series; the message says where and why.</exception>
    public static SeriesPanel FromCsv(string path, CsvOptions? options = null) => CsvTable.Load(path, options).ToPanel();

    /// <summary>Reads a panel from the rows of a database query, as from those of a CSV file.</summary>
    /// <param name="reader">The rows; those that are left are read, and the reader stays open.</param>
    /// <param name="options">What to read; null finds all out.</param>
    /// <param name="name">What messages call the query.</param>
    /// <exception cref="TableException">The rows hold no such series; the message says where and why.</exception>
    public static SeriesPanel FromReader(DbDataReader reader, TableOptions? options = null, string name = "The query") =>
        ReaderTable.Read(reader, name).ToPanel(options);

    /// <summary>Writes the panel to a CSV file: one series below the other, with a column of names, of dates, and of each
    /// variable and attribute; or side by side, with <see cref="PanelForm.Columns"/>.</summary>
    /// <param name="path">The file; one that is there is replaced when all is written.</param>
    /// <param name="options">How to write it; null is comma and point.</param>
    /// <exception cref="ArgumentException">The options cannot be written, or side by side is asked for several
    /// variables.</exception>
    public void ToCsv(string path, CsvOptions? options = null) =>
        CsvWriting.ToFile(path, writer => ToCsv(writer, options), options);

    /// <summary>Writes the panel as CSV.</summary>
    /// <param name="writer">Where to; it stays open.</param>
    /// <param name="options">How to write it; null is comma and point.</param>
    /// <exception cref="ArgumentException">The options cannot be written, or side by side is asked for several
    /// variables.</exception>
    public void ToCsv(TextWriter writer, CsvOptions? options = null) => new CsvWriting(writer, options).Write(this);
}
