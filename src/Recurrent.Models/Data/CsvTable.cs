using System.Globalization;
using CsvHelper;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// A CSV file with a header row, column by column. Numbers have a decimal point and dates are ISO, whatever the machine's culture.
/// </summary>
/// <remarks>The separator (comma, semicolon, tab) is found from the first lines.</remarks>
public sealed class CsvTable
{
    // What a date may look like; anything else would have to be guessed.
    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm", "yyyy-MM", "yyyy",
    ];

    private readonly List<string[]> rows = [];
    private readonly List<long> lines = [];
    private readonly string[] columns;

    private CsvTable(string name, CsvReader reader)
    {
        Name = name;
        try
        {
            reader.ReadHeader();
            columns = [.. reader.Headers.Select(header => header.Trim())];
            while (reader.Read())
            {
                rows.Add(reader.Current.ToArray());
                lines.Add(reader.LineNumber);
            }
        }
        catch (CsvFormatException malformed)
        {
            throw new CsvException($"{name}, line {malformed.LineNumber}: {malformed.Message}", malformed);
        }

        if (columns.All(string.IsNullOrEmpty) || rows.Count == 0)
        {
            throw new CsvException($"{name} is empty: it needs a header row with the names of its columns, and rows of values below it.");
        }

        if (columns.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new CsvException($"{name} has two columns of the name '{twice.Key}'. Rename one of them in its header row.");
        }
    }

    /// <summary>The file, as messages name it.</summary>
    public string Name { get; }

    /// <summary>Names of the columns, in the order of the file.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>Number of rows below the header.</summary>
    public int RowCount => rows.Count;

    /// <summary>Reads a file in UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names the CSV files beside it.</exception>
    /// <exception cref="CsvException">The file is empty, or its rows differ in length.</exception>
    public static CsvTable Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(MissingFile(path), path);
        }

        using var reader = CsvReader.FromFile(path, Options);
        return new(Path.GetFileName(path), reader);
    }

    /// <summary>Reads CSV that is held in a string.</summary>
    /// <param name="text">The text, with its header row.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="CsvException">The text is empty, or its rows differ in length.</exception>
    public static CsvTable Parse(string text, string name = "The text")
    {
        ArgumentNullException.ThrowIfNull(text);
        using var reader = CsvReader.FromText(text, Options);
        return new(name, reader);
    }

    /// <summary>A column as it stands in the file.</summary>
    /// <param name="column">Name of the column.</param>
    /// <exception cref="CsvException">There is no such column; the message lists those there are, and the nearest one.</exception>
    public string[] Texts(string column)
    {
        int index = IndexOf(column);
        return [.. rows.Select(row => row[index])];
    }

    /// <summary>A column of numbers.</summary>
    /// <param name="column">Name of the column.</param>
    /// <exception cref="CsvException">There is no such column, or one of its cells is not a finite number; the message names the line.</exception>
    public double[] Numbers(string column) => Cells(
        column,
        (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value),
        WhyNotNumber);

    /// <summary>A column of dates: <c>2024-01-31</c>, <c>2024-01-31 18:00:00</c>, <c>2024-01</c> or <c>2024</c>.</summary>
    /// <param name="column">Name of the column.</param>
    /// <exception cref="CsvException">There is no such column, or one of its cells is not such a date; the message names the line.</exception>
    public DateTime[] Dates(string column) => Cells(
        column,
        (string text, out DateTime value) =>
            DateTime.TryParseExact(text.Trim(), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out value),
        _ => "is not a date. Write dates as 2024-01-31, or 2024-01-31 18:00:00 with a time");

    /// <summary>A column of numbers as a series.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="dateColumn">Name of the column of dates, in rising order; null for a series without dates.</param>
    /// <exception cref="CsvException">There is no such column, a cell is not a number or a date, or the dates do not rise.</exception>
    public TimeSeries Series(string column, string? dateColumn = null)
    {
        double[] values = Numbers(column);
        if (dateColumn is null)
        {
            return new(column, values);
        }

        DateTime[] dates = Dates(dateColumn);
        for (int i = 1; i < dates.Length; i++)
        {
            if (dates[i] <= dates[i - 1])
            {
                throw new CsvException(
                    $"{Where(i, dateColumn)}: '{rows[i][IndexOf(dateColumn)]}' does not come after the date above it. "
                    + "Sort the rows oldest first, one row for each date.");
            }
        }

        return new(column, values, dates);
    }

    private delegate bool TryRead<T>(string text, out T value);

    private static CsvReaderOptions Options => CsvReaderOptions.Default with
    {
        FormatProvider = CultureInfo.InvariantCulture,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
    };

    private T[] Cells<T>(string column, TryRead<T> read, Func<string, string> whyNot)
    {
        int index = IndexOf(column);
        var values = new T[rows.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (!read(rows[i][index], out values[i]))
            {
                throw new CsvException($"{Where(i, column)}: '{rows[i][index]}' {whyNot(rows[i][index])}.");
            }
        }

        return values;
    }

    private int IndexOf(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        int index = Array.FindIndex(columns, name => string.Equals(name, column, StringComparison.OrdinalIgnoreCase));
        return index >= 0
            ? index
            : throw new CsvException(
                $"{Name} has no column '{column}'. Did you mean '{Spelling.Nearest(column, columns)}'? Its columns are {string.Join(", ", columns)}.");
    }

    private string Where(int row, string column) => $"{Name}, line {lines[row]}, column '{column}'";

    private static string WhyNotNumber(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Trim() is "NA" or "NaN" or "nan" or "null" or "NULL")
        {
            return "is a missing value. Fill it, or leave the row out: a network cannot learn from a number that is not there";
        }

        return text.Contains(',', StringComparison.Ordinal)
            ? "is not a number. Write numbers with a decimal point and without separators between thousands"
            : "is not a finite number";
    }

    private static string MissingFile(string path)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
        {
            return $"There is no file '{path}': the folder '{folder}' does not exist.";
        }

        string[] beside = [.. Directory.EnumerateFiles(folder, "*.csv").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        return beside.Length == 0
            ? $"There is no file '{path}', and no CSV file in the folder '{folder}'."
            : $"There is no file '{path}'. Did you mean '{Spelling.Nearest(Path.GetFileName(full), beside)}'? "
                + $"The folder '{folder}' has {string.Join(", ", beside.Take(10))}{(beside.Length > 10 ? ", …" : string.Empty)}.";
    }
}
