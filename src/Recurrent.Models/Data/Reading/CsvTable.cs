using System.Globalization;
using System.Text;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// A CSV file with a header row, column by column. Numbers are read alike whatever the machine's culture; dates are ISO 8601.
/// </summary>
/// <remarks>
/// <para>
/// The separator (comma, semicolon, tab) is found from the first lines. Lines that begin with <c>#</c>, a title above the header,
/// words below the last row and the empty rows and columns of spreadsheets are no part of the table (<see cref="Comments"/>).
/// </para>
/// <para>
/// Numbers have a decimal point. Where the file leaves no doubt, decimal commas are read too, and spaces, apostrophes and the
/// other mark between thousands: <c>1 234</c>, <c>1.234,5</c>. Where a number could mean two things, it is refused.
/// </para>
/// </remarks>
public sealed class CsvTable
{
    private readonly CsvRows file;

    private CsvTable(string name, string text)
    {
        Name = name;
        file = CsvRows.Read(name, text);
    }

    /// <summary>The file, as messages name it.</summary>
    public string Name { get; }

    /// <summary>Names of the columns, in the order of the file; empty for a column without a name.</summary>
    public IReadOnlyList<string> Columns => file.Columns;

    /// <summary>Number of rows below the header.</summary>
    public int RowCount => file.Rows.Length;

    /// <summary>Comment lines, titles and footers: what the file says beside its table.</summary>
    public IReadOnlyList<string> Comments => file.Comments;

    /// <summary>Reads a file in UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names the CSV files beside it.</exception>
    /// <exception cref="CsvException">The file is empty, or its rows differ in length.</exception>
    public static CsvTable Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath.RequireNoFolder(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(MissingFile(path), path);
        }

        string text = File.ReadAllText(path, Encoding.UTF8);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new CsvException($"{Path.GetFileName(path)} is no text: it has bytes that are 0. If it is a spreadsheet "
                + "(.xlsx, .ods), save the sheet as CSV.")
            : new(Path.GetFileName(path), text);
    }

    /// <summary>Reads CSV that is held in a string.</summary>
    /// <param name="text">The text, with its header row.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="CsvException">The text is empty, or its rows differ in length.</exception>
    public static CsvTable Parse(string text, string name = "The text")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        return new(name, text);
    }

    /// <summary>A column as it stands in the file.</summary>
    /// <param name="column">Name of the column, in any case where no other differs by case alone.</param>
    /// <exception cref="CsvException">There is no such column; the message lists those there are, and the nearest
    /// one.</exception>
    public string[] Texts(string column)
    {
        int index = IndexOf(column);
        return [.. file.Rows.Select(row => row[index])];
    }

    /// <summary>A column of numbers.</summary>
    /// <param name="column">Name of the column, in any case where no other differs by case alone.</param>
    /// <exception cref="CsvException">
    /// There is no such column, one of its cells is not a finite number, or its numbers could mean two things; the message names
    /// the line.
    /// </exception>
    public double[] Numbers(string column)
    {
        int index = IndexOf(column);
        bool plain = file.Rows.All(row => NumberText.TryPlain(row[index], out _));
        char mark = DecimalMark(index, column, plain);
        var values = new double[RowCount];
        for (int i = 0; i < values.Length; i++)
        {
            string cell = file.Rows[i][index];
            if (!(plain && mark == '.' ? NumberText.TryPlain(cell, out values[i])
                : NumberText.TryRead(cell, mark, out values[i])))
            {
                throw new CsvException($"{Where(i, column)}: '{cell}' {WhyNotNumber(cell, index)}.");
            }
        }

        return values;
    }

    /// <summary>
    /// A column of dates: <c>2024-01-31</c>, <c>2024-01-31 18:00:00.25</c>, <c>2024-01</c>, <c>2024-Q1</c>, <c>2024-W05</c> (its
    /// Monday) or <c>2024</c>. Dates with <c>Z</c> or an offset
    /// (<c>2024-01-31T18:00:00+01:00</c>) are instants and come in UTC.
    /// </summary>
    /// <param name="column">Name of the column, in any case where no other differs by case alone.</param>
    /// <exception cref="CsvException">
    /// There is no such column, one of its cells is not such a date, or some have an offset and others none; the message names
    /// the line.
    /// </exception>
    public DateTime[] Dates(string column)
    {
        int index = IndexOf(column);
        var values = new DateTime[RowCount];
        for (int i = 0; i < values.Length; i++)
        {
            string cell = file.Rows[i][index];
            if (!DateText.TryRead(cell, out values[i]))
            {
                throw new CsvException(
                    $"{Where(i, column)}: '{cell}' is not a date. Write dates as 2024-01-31, or 2024-01-31 18:00:00 "
                    + "with a time.");
            }

            if (values[i].Kind != values[0].Kind)
            {
                throw new CsvException(
                    $"{Where(i, column)}: '{cell}' has "
                    + $"{(values[i].Kind == DateTimeKind.Utc ? "an offset from UTC" : "no offset from UTC")}, unlike "
                    + $"'{file.Rows[0][index]}' in line {file.Lines[0]}: which comes first cannot be told. Write all dates "
                    + "with Z or an offset, or none.");
            }
        }

        return values;
    }

    /// <summary>A column of numbers as a series.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="dateColumn">Name of the column of dates, in rising order; null for a series without dates.</param>
    /// <param name="gaps">What to do where the dates are not equally spaced; by default they are refused.</param>
    /// <exception cref="CsvException">
    /// There is no such column, a cell is not a number or a date, or the dates do not rise or have gaps; the message names the
    /// line and what is missing.
    /// </exception>
    public TimeSeries Series(string column, string? dateColumn = null, DateGaps gaps = DateGaps.Refuse)
    {
        double[] values = Numbers(column);
        if (dateColumn is null)
        {
            return new(column, values);
        }

        DateTime[] dates = Dates(dateColumn);
        if (DateMending.Apply(dates, [values], new SeriesOptions { Gaps = gaps }).Problem is (int index, string problem))
        {
            throw new CsvException($"{Where(index, dateColumn)}: '{file.Rows[index][IndexOf(dateColumn)]}' {problem}.");
        }

        return new(column, values, dates, gaps);
    }

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

    /// <summary>How the numbers of a column are written; the other columns speak where it says two things itself.</summary>
    private char DecimalMark(int index, string column, bool plain)
    {
        if (plain && (!file.CommaIsFree || Array.Exists(file.Rows, row => !NumberText.TryRead(row[index], ',', out _))))
        {
            return '.';
        }

        switch (StyleOf(index))
        {
            case NumberStyle.Comma:
                return ',';
            case NumberStyle.Ambiguous:
                NumberStyle[] others = [.. Enumerable.Range(0, file.Columns.Length).Where(other => other != index)
                    .Select(StyleOf)];
                bool comma = others.Contains(NumberStyle.Comma);
                bool point = others.Contains(NumberStyle.Point);
                if (comma == point && (comma || !plain))
                {
                    int row = Array.FindIndex(file.Rows, cells => MeansTwo(cells[index]));
                    string cell = file.Rows[row][index];
                    NumberText.TryRead(cell, '.', out double withPoint);
                    NumberText.TryRead(cell, ',', out double withComma);
                    throw new CsvException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Where(row, column)}: '{cell}' could be {withPoint} or {withComma}, and nothing in the file says "
                        + $"which. Write numbers with a decimal point and without separators between thousands."));
                }

                return comma ? ',' : '.';
            default:
                return '.';
        }
    }

    private static bool MeansTwo(string cell) =>
        NumberText.TryRead(cell, '.', out double withPoint) && NumberText.TryRead(cell, ',', out double withComma)
            && withPoint != withComma;

    private NumberStyle StyleOf(int index) => NumberColumn.StyleOf(file.Rows.Select(row => row[index]), file.CommaIsFree);

    private int IndexOf(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        string[] columns = file.Columns;
        int[] places = Places(StringComparison.Ordinal);
        places = places.Length > 0 ? places : Places(StringComparison.OrdinalIgnoreCase);
        if (places.Length == 1)
        {
            return places[0];
        }

        if (places.Length > 1)
        {
            throw new CsvException(column.Length == 0
                ? $"{Name} has {places.Length} columns without a name. Give them names in its header row."
                : $"{Name} has no column '{column}', but {places.Length} that differ from it by case alone: "
                    + $"{string.Join(", ", places.Select(place => columns[place]))}. Write the name as it stands there.");
        }

        string[] named = [.. columns.Where(name => name.Length > 0)];
        string hint = named.All(name => NumberText.TryPlain(name, out _) || DateText.TryRead(name, out _))
            ? " These are values: the file needs a row with the names of its columns above them."
            : string.Empty;
        throw new CsvException(
            $"{Name} has no column '{column}'. {Spelling.DidYouMean(column, named)}Its columns are "
            + $"{string.Join(", ", named)}.{hint}");

        int[] Places(StringComparison comparison) =>
            [.. Enumerable.Range(0, columns.Length).Where(place => string.Equals(columns[place], column.Trim(), comparison))];
    }

    private string Where(int row, string column) => $"{Name}, line {file.Lines[row]}, column '{column}'";

    private string WhyNotNumber(string text, int index)
    {
        if (NumberText.IsMissing(text))
        {
            int missing = file.Rows.Count(row => NumberText.IsMissing(row[index]));
            return "is a missing value. Fill it, or leave the row out: a network cannot learn from a number that is not there"
                + (missing > 1 ? FormattableString.Invariant($" ({missing} of the {RowCount} values of this column are missing)")
                    : string.Empty);
        }

        return text.Any(char.IsAsciiDigit) && !text.Any(char.IsLetter)
            && (text.Contains(',', StringComparison.Ordinal) || text.Contains('.', StringComparison.Ordinal))
            ? "is not a number. Write numbers with a decimal point and without separators between thousands"
            : "is not a finite number. Write numbers as 1234.5, without units, signs of money or words";
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
