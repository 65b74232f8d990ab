using System.Globalization;
using CsvHelper;

namespace Recurrent.Data;

/// <summary>
/// The rows of a CSV file, with what stands around the table left out: comment lines, a title above the header, a footer, and the
/// empty rows and columns that spreadsheets write.
/// </summary>
internal sealed partial class CsvRows
{
    private readonly string name;
    private readonly CsvOptions options;
    private readonly List<string> comments = [];
    private readonly List<Record> records = [];
    private char separator;

    private CsvRows(string name, CsvOptions options)
    {
        this.name = name;
        this.options = options;
    }

    private readonly record struct Record(string[] Cells, long Line)
    {
        internal bool IsEmpty => Cells.All(string.IsNullOrWhiteSpace);
    }

    /// <summary>Names of the columns; empty where one has none.</summary>
    internal string[] Columns { get; private set; } = [];

    /// <summary>The rows, each with a cell for every column.</summary>
    internal string[][] Rows { get; private set; } = [];

    /// <summary>The line that each row stands in.</summary>
    internal long[] Lines { get; private set; } = [];

    /// <summary>Whether the file names its columns.</summary>
    internal bool HasHeader { get; private set; } = true;

    /// <summary>Lines that are no part of the table.</summary>
    internal IReadOnlyList<string> Comments => comments;

    /// <summary>Whether a comma may be a decimal mark: it does not separate columns.</summary>
    internal bool CommaIsFree => separator != ',' || Columns.Length == 1;

    /// <summary>Reads the rows.</summary>
    /// <exception cref="CsvException">They are no table.</exception>
    internal static CsvRows Read(string name, string text, CsvOptions options)
    {
        var rows = new CsvRows(name, options);
        if (OtherThanTable(text) is { } other)
        {
            throw new CsvException($"{name} is no CSV, but {other}.");
        }

        rows.ReadRecords(text);
        rows.TakeSingleQuotes();
        rows.JoinDecimalCommas();
        rows.SplitAtSpaces();
        rows.TakeHeader();
        rows.FitRows();
        return rows;
    }

    private static CsvReaderOptions Options => CsvReaderOptions.Default with
    {
        FormatProvider = CultureInfo.InvariantCulture,
        TrackLineNumbers = true,
        HasHeader = false,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    /// <summary>Whether a cell holds a value, as rows do, rather than a name, as headers do.</summary>
    private static bool IsValue(string cell) =>
        NumberText.IsMissing(cell) || NumberText.TryRead(cell, '.', out _) || NumberText.TryRead(cell, ',', out _)
            || StampText.TryRead(cell, out _);

    /// <summary>Parses the text; comment lines are blanked first, which keeps the numbers of the lines.</summary>
    private void ReadRecords(string text)
    {
        string[] lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        string? possibleHeader = null;
        bool top = true;
        bool quoted = false;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (!quoted && IsComment(line, top))
            {
                comments.Add(line.TrimStart('#', '%', '/', ' ').Trim());
                possibleHeader = top ? comments[^1] : null;
                lines[i] = string.Empty;
                continue;
            }

            top &= line.Length == 0;
            quoted ^= line.Count(character => character == '"') % 2 == 1;
        }

        Parse(string.Join('\n', lines), options.Separator);

        // gnuplot and others mark the header itself as a comment: it is one where values follow at once, as many as it has names.
        if (possibleHeader is not null && records.Count > 0 && records[0].Cells.All(IsValue))
        {
            string[] names = Split(possibleHeader);
            if (names.Length == records[0].Cells.Length && !names.All(IsValue))
            {
                comments.Remove(possibleHeader);
                records.Insert(0, new(names, 1));
            }
        }
    }

    /// <summary>Whether a line is a comment: a mark that numbers or names may begin with too is one at the top, or with a space
    /// behind it.</summary>
    private bool IsComment(string line, bool top) => options.Comment is "#" or ""
        ? options.Comment.Length > 0 && (line.StartsWith('#') ? top || line.Length == 1 || line[1] is ' ' or '\t' or '#'
            : top && (line.StartsWith('%') || line.StartsWith("//", StringComparison.Ordinal)))
        : line.StartsWith(options.Comment, StringComparison.Ordinal);

    /// <summary>Quotes inside a cell that none encloses are text (5" pipe); one that is never closed is an error still.</summary>
    private CsvReaderOptions Forgiving(string text) => Options with
    {
        MalformedData = CsvMalformedDataHandling.Recover,
        OnMalformedRecord = record =>
        {
            if (record.Reason == CsvMalformedReason.UnterminatedQuote)
            {
                throw Malformed(OpenQuote(text, record.LineNumber), "a quoted field that is never closed", null);
            }
        },
    };

    private CsvException Malformed(string place, string what, Exception? inner) =>
        new($"{name}, {place}: {what.TrimEnd('.')}. Put cells that hold separators, line breaks or quotes between quotes, "
            + "double each quote inside them, and close each; or take the quotes out.", inner!);

    private void Parse(string text, char? given, bool forgiving = false)
    {
        try
        {
            CsvReaderOptions how = forgiving ? Forgiving(text) : Options;
            using var reader = CsvReader.FromText(text, given is { } mark ? how with { Separator = mark } : how);
            while (reader.Read())
            {
                records.Add(new(reader.Current.ToArray(), reader.LineNumber));
            }

            separator = reader.Separator;
        }
        catch (CsvFormatException malformed)
        {
            string tidy = WithoutSpacesBeforeQuotes(text);
            if (forgiving)
            {
                throw Malformed(FormattableString.Invariant($"line {malformed.LineNumber}"), malformed.Message, malformed);
            }

            records.Clear();
            Parse(tidy, given, forgiving: tidy.Length == text.Length);
        }

        // A header without the separator that was found, but with another one, says that decimal commas were taken for it.
        if (given is null && records.Count > 1 && OtherMark() is { } other && Alternative(text, other) is { } better)
        {
            records.Clear();
            records.AddRange(better.records);
            separator = better.separator;
        }
    }

    /// <summary>Another separator than the one found: it stands in the header alone, or in every row where commas do.</summary>
    private char? OtherMark()
    {
        foreach (char mark in (ReadOnlySpan<char>)[';', '\t', '|'])
        {
            bool Has(Record record) => record.Cells[0].Contains(mark, StringComparison.Ordinal);
            if (separator != mark && ((records[0].Cells.Length == 1 && Has(records[0]))
                || (separator == ',' && records.TrueForAll(Has))))
            {
                return mark;
            }
        }

        return null;
    }

    private CsvRows? Alternative(string text, char mark)
    {
        var other = new CsvRows(name, options);
        other.Parse(text, mark);
        int width = other.records[0].Cells.Length;
        return other.records.All(record => record.Cells.Length == width) ? other : null;
    }

    private string[] Split(string header)
    {
        var other = new CsvRows(name, options);
        other.Parse(header, separator);
        return other.records.Count == 0 ? [] : other.records[0].Cells;
    }

    /// <summary>One name above rows of digits and commas: a single column with decimal commas.</summary>
    private void JoinDecimalCommas()
    {
        if (separator != ',' || records.Count < 2 || records[0].Cells.Length != 1)
        {
            return;
        }

        List<Record> rest = records[1..];
        if (IsCounted(rest))
        {
            return;
        }

        bool numbers = rest.All(record => record.Cells.Select((cell, i) => (Cell: cell, First: i == 0)).All(part =>
            part.Cell.Length > 0 && !part.Cell.AsSpan(part.First && part.Cell[0] is '-' or '+' or '−' ? 1 : 0)
                .ContainsAnyExceptInRange('0', '9')));
        if (numbers && rest.Exists(record => record.Cells.Length > 1))
        {
            records.RemoveRange(1, rest.Count);
            records.AddRange(rest.Select(record => new Record([string.Join(',', record.Cells)], record.Line)));
        }
    }

    /// <summary>Gives every row a cell for each column; what cannot be fitted is a footer, or an error.</summary>
    private void FitRows()
    {
        TakeRepeatedHeaders();
        int end = records.Count;
        while (end > 1 && IsFooter(records[end - 1]) && !IsRow(records[end - 1]))
        {
            end--;
        }

        if (end < records.Count && records[..end].TrueForAll(record => IsValue(record.Cells[0])
                || char.IsAsciiDigit(record.Cells[0].TrimStart()[0]))
            && records[..end].Exists(record => !NumberText.IsMissing(record.Cells[0])))
        {
            comments.AddRange(records[end..].Select(record => string.Join(separator, record.Cells).TrimEnd(separator)));
            records.RemoveRange(end, records.Count - end);
        }

        for (int i = 0; i < records.Count; i++)
        {
            records[i] = records[i] with { Cells = Fit(records[i]) };
        }

        int width = Columns.Length;
        while (Columns[width - 1].Length == 0 && records.TrueForAll(record => string.IsNullOrWhiteSpace(record.Cells[width - 1])))
        {
            width--;
        }

        Columns = Columns[..width];
        Rows = [.. records.Select(record => record.Cells[..width])];
        Lines = [.. records.Select(record => record.Line)];
    }

    /// <summary>Words where the rows above have numbers or dates: a source, a note, a total.</summary>
    private bool IsFooter(Record record) =>
        record.Cells[0].TrimStart() is [var first, ..] text && (char.IsLetter(first) || first is '*' or '#' or '(' or '[' or '©')
            && !IsValue(text)
        && (record.Cells.Length != Columns.Length || Columns.Length > 1);

    private string[] Fit(Record record)
    {
        int width = Columns.Length;
        string[] cells = record.Cells;
        if (cells.Length == width)
        {
            return cells;
        }

        if (cells.Length > width && cells[width..].All(string.IsNullOrWhiteSpace))
        {
            return cells[..width];
        }

        if (cells.Length < width && (options.Form == PanelForm.Rows || Columns[cells.Length..].All(string.IsNullOrEmpty)))
        {
            return [.. cells, .. Enumerable.Repeat(string.Empty, width - cells.Length)];
        }

        throw new CsvException(
            $"{name}, line {record.Line}: there {(cells.Length == 1 ? "is 1 cell" : $"are {cells.Length} cells")}, but the "
            + $"header has {(width == 1 ? "1 column" : $"{width} columns")} ({ColumnNames.List(Columns)}). "
            + $"{WayOut(record, width)}");
    }

    private string WayOut(Record record, int width)
    {
        if (record.Cells.Length < width)
        {
            return "Complete the row; or, if the line is a comment or a footer, begin it with '# ' or remove it.";
        }

        return separator == ','
            ? "If numbers are written with decimal commas or with commas between thousands, put them in quotes or separate the "
                + "columns by semicolons."
            : $"If a cell holds the separator '{separator}', put it in quotes.";
    }
}
