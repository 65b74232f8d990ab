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
}
