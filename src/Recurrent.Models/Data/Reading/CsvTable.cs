using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// A CSV file, column by column. Numbers and dates are read alike whatever the machine's culture.
/// </summary>
/// <remarks>
/// <para>
/// The encoding, the separator (comma, semicolon, tab, bar) and whether the first row names the columns are found. Lines that
/// begin with <c>#</c>, a title above the header, a row of units below it, words below the last row and the empty rows and
/// columns of spreadsheets are no part of the table (<see cref="Comments"/>).
/// </para>
/// <para>
/// Numbers have a decimal point. Where the file leaves no doubt, decimal commas are read too, and spaces, apostrophes and the
/// other mark between thousands: <c>1 234</c>, <c>1.234,5</c>. Where a number could mean two things, it is refused.
/// </para>
/// <para>
/// Dates may be ISO 8601 or written in other ways, months by name among them. Where one could mean two things (<c>1/2/2024</c>),
/// another cell of the column may tell; else it is refused, with the option that says it.
/// </para>
/// </remarks>
public sealed class CsvTable
{
    private readonly CsvRows file;
    private readonly CsvOptions options;
    private readonly SeriesTable table;

    private CsvTable(string name, string text, CsvOptions options)
    {
        Name = name;
        this.options = options;
        file = CsvRows.Read(name, text, options);
        TableColumn[] columns = [.. file.Columns.Select((column, place) =>
            TableColumn.OfTexts(column, file.Rows.Select(row => row[place])))];
        table = new(name, columns, file.CommaIsFree, row => FormattableString.Invariant($"line {file.Lines[row]}"),
            message => new CsvException(message), options)
        { Hint = Hint() };
    }

    /// <summary>The file, as messages name it.</summary>
    public string Name { get; }

    /// <summary>Names of the columns, in the order of the file; empty for a column without a name.</summary>
    public IReadOnlyList<string> Columns => file.Columns;

    /// <summary>The columns, whatever they were read from.</summary>
    internal SeriesTable Table => table;

    /// <summary>Number of rows below the header.</summary>
    public int RowCount => file.Rows.Length;

    /// <summary>Comment lines, titles and footers: what the file says beside its table.</summary>
    public IReadOnlyList<string> Comments => file.Comments;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is written; null finds it out.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names the CSV files beside it.</exception>
    /// <exception cref="CsvException">The file is empty or no text, or its rows differ in length.</exception>
    public static CsvTable Load(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath.RequireNoFolder(path);
        return File.Exists(path)
            ? new(Path.GetFileName(path), TextFile.Read(path, options?.Encoding), options ?? new CsvOptions())
            : throw new FileNotFoundException(MissingFile(path), path);
    }

    /// <summary>Reads a file that messages call by another name than its own.</summary>
    internal static CsvTable Load(string path, string name, CsvOptions options) =>
        new(name, TextFile.Read(path, options.Encoding, name), options);

    /// <summary>Reads CSV that is held in a string.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How it is written; null finds it out.</param>
    /// <exception cref="CsvException">The text is empty, or its rows differ in length.</exception>
    public static CsvTable Parse(string text, string name = "The text", CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        return new(name, text, options ?? new CsvOptions());
    }

    /// <summary>A column as it stands in the file.</summary>
    /// <param name="column">Name of the column, in any case where no other differs by case alone; a unit in brackets may be left
    /// out.</param>
    /// <exception cref="CsvException">There is no such column; the message lists those there are, and the nearest
    /// one.</exception>
    public string[] Texts(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        int index = table.IndexOf(column);
        return [.. file.Rows.Select(row => row[index])];
    }

    /// <summary>A column of numbers, none of which is missing.</summary>
    /// <param name="column">Name of the column, as for <see cref="Texts"/>.</param>
    /// <exception cref="CsvException">
    /// There is no such column, one of its cells is missing or no finite number, or its numbers could mean two things; the
    /// message names the line.
    /// </exception>
    public double[] Numbers(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        int index = table.IndexOf(column);
        double[] values = table.ReadNumbers(index);
        int first = Array.FindIndex(values, double.IsNaN);
        if (first < 0)
        {
            return values;
        }

        int missing = values.Count(double.IsNaN);
        throw table.Failure(first, index,
            $"'{file.Rows[first][index]}' is a missing value. Fill it, or leave the row out: a network cannot "
            + "learn from a number that is not there" + (missing > 1 ? FormattableString.Invariant(
                $" ({missing} of the {RowCount} values of this column are missing)") : string.Empty));
    }

    /// <summary>
    /// A column of dates: <c>2024-01-31</c>, <c>2024/1/31 18:00</c>, <c>Jan 31 2024</c>, <c>31.1.2024</c>, <c>2024-01</c>,
    /// <c>2024-Q1</c>, <c>2024-W05</c> (its Monday) or <c>2024</c>. Dates with <c>Z</c> or an offset
    /// (<c>2024-01-31T18:00:00+01:00</c>) are instants and come in UTC; but those of one time of day tell days, and come as they
    /// stand.
    /// </summary>
    /// <param name="column">Name of the column, as for <see cref="Texts"/>.</param>
    /// <exception cref="CsvException">
    /// There is no such column, one of its cells is no date or could be two, or some have an offset and others none; the message
    /// names the line.
    /// </exception>
    public DateTime[] Dates(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return table.ReadDates(table.IndexOf(column));
    }

    /// <summary>A column of numbers as a series; missing values are NaN.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="dateColumn">Name of the column of dates, in rising order; null finds it, an empty text takes none.</param>
    /// <param name="gaps">What to do where the dates are not equally spaced; by default they are refused.</param>
    /// <exception cref="CsvException">
    /// There is no such column, a cell is not a number or a date, or the dates do not rise or have gaps; the message names the
    /// line and what is missing.
    /// </exception>
    public TimeSeries Series(string column, string? dateColumn = null, DateGaps gaps = DateGaps.Refuse)
    {
        ArgumentNullException.ThrowIfNull(column);
        return table.ToSeries(options with { Columns = [column], DateColumn = dateColumn ?? options.DateColumn, Gaps = gaps });
    }

    /// <summary>A series: what the options of the table say, and else what is found.</summary>
    /// <exception cref="CsvException">The table does not hold such a series, or several; the message says where and
    /// why.</exception>
    public TimeSeries ToSeries() => table.ToSeries();

    /// <summary>Many series: one below the other, side by side, or one in each row.</summary>
    /// <exception cref="CsvException">The table does not hold such series; the message says where and why.</exception>
    public SeriesPanel ToPanel() => table.ToPanel();

    /// <summary>The file, its columns and its first rows.</summary>
    public override string ToString()
    {
        const int shown = 3;
        string[] lines =
        [
            FormattableString.Invariant(
                $"{Name}: {RowCount} {(RowCount == 1 ? "row" : "rows")} of {string.Join(", ", Columns.Select(Shown))}"),
            .. file.Rows.Take(shown).Select(row => string.Join(", ", row)),
        ];
        return string.Join("\n  ", lines) + (RowCount > shown ? "\n  …" : string.Empty);
    }

    private static string Shown(string column) => column.Length > 0 ? column : "(no name)";

    private string Hint()
    {
        string[] named = [.. file.Columns.Where(name => name.Length > 0)];
        return !file.HasHeader || named.All(name => NumberText.TryPlain(name, out _) || StampText.TryRead(name, out _))
            ? " The file needs a row with the names of its columns above them" + (file.HasHeader ? ": these are values." : ".")
            : string.Empty;
    }

    private static string MissingFile(string path)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
        {
            return $"There is no file '{path}': the folder '{folder}' does not exist.";
        }

        string[] beside = [.. Directory.EnumerateFiles(folder, "*.csv").Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal)];
        return beside.Length == 0
            ? $"There is no file '{path}', and no CSV file in the folder '{folder}'."
            : $"There is no file '{path}'. {Spelling.DidYouMean(Path.GetFileName(full), beside)}"
                + $"The folder '{folder}' has {string.Join(", ", beside.Take(10))}{(beside.Length > 10 ? ", …" : string.Empty)}.";
    }
}
