using System.CommandLine;
using System.Text;
using Recurrent.Cli.Models;
using Recurrent.Data;

namespace Recurrent.Cli.Data;

/// <summary>The arguments that say which series are meant, the same for all commands.</summary>
internal sealed class SourceOptions
{
    private readonly Argument<string> file = new("file")
    {
        Description = "CSV or Parquet file, or SQLite database; - for one that comes through a pipe",
    };

    private readonly Option<string[]> columns = Several("--column", "-c", "columns to read (the first with numbers)");
    private readonly Option<string?> date = Text("--date", "-d", "column of dates (found by what it holds); none for none");
    private readonly Option<bool> panel = new("--panel") { Description = "read all the series that the file holds" };
    private readonly Option<string?> series = Text("--series", null, "the series to read, where the file holds several");
    private readonly Option<string[]> names = Several("--name", null, "columns that name the series of a long file (found)");
    private readonly Option<string?> table = Text("--table", null, "table of a SQLite database (the only one)");
    private readonly Option<string?> sql = Text("--sql", null, "query on a SQLite database, in place of --table");
    private readonly Option<DateGaps> gaps = Choice("--gaps", DateGaps.Refuse, "dates that are missing: refuse them, fill values "
        + "on a straight line, leave values missing, or accept the dates as they are");

    private readonly Option<DuplicateDates> twice = Choice("--duplicates", DuplicateDates.Refuse,
        "dates that come twice: refuse them, or take the first, the last or the mean");

    private readonly Option<bool> sort = new("--sort") { Description = "put rows in the order of their dates" };
    private readonly Option<string?> frequency = Text("--frequency", null, "distance of the dates: monthly, hourly … (found)");
    private readonly Option<string?> grid = Text("--grid", null, "bring irregular dates to equal distances, on straight lines: "
        + "hourly, 5 minutes …");

    private readonly Option<string?> format = Text("--date-format", null, "how dates are written: d/M/yyyy, unix … (found)");
    private readonly Option<bool?> dayFirst = new("--day-first") { Description = "1/2/2024 is the first of February" };
    private readonly Option<string?> separator = Text("--separator", null, "what separates columns: , ; | or tab (found)");
    private readonly Option<string?> mark = Text("--decimal", null, "mark before decimals, . or , (found)");
    private readonly Option<string[]> missing = Several("--missing", null, "what says besides NA, ? and the like that a value is "
        + "missing: -999");

    private readonly Option<string?> encoding = Text("--encoding", null, "encoding of a CSV file: utf-8, latin1 … (found)");
    private readonly Option<string?> comment = Text("--comment", null, "what a line of comment begins with (#)");
    private readonly Option<string?> zone = Text("--time-zone", null, "zone of the clock that wrote the dates: Europe/Berlin");
    private readonly Option<bool> leaveOut = new("--leave-out")
    {
        Description = "leave series of a panel out that cannot be read or fitted, and say which (else all is refused)",
    };

    /// <summary>Adds them to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(file);
        foreach (Option option in new Option[] { columns, date, panel, series, names, table, sql, gaps, twice, sort, frequency,
            grid, format, dayFirst, separator, mark, missing, encoding, comment, zone, leaveOut })
        {
            command.Add(option);
        }
    }

    /// <summary>Columns beside those of <c>--column</c>, which other options name.</summary>
    internal Func<ParseResult, IReadOnlyList<string>> Also { get; init; } = _ => [];

    /// <summary>What to do with a series of a panel that cannot be read or fitted.</summary>
    internal BadSeries OnBadSeries(ParseResult parsed) => parsed.GetValue(leaveOut) ? BadSeries.LeaveOut : BadSeries.Refuse;

    /// <summary>The file that is read.</summary>
    internal string PathOf(ParseResult parsed) => parsed.GetRequiredValue(file);

    /// <summary>The file, where it is one of a model or of weights; else null.</summary>
    internal (string Path, ModelKind Kind)? ModelIn(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(file);
        return !File.Exists(path) || StandardInput.Is(path) || IsNamedTable(path) || SqliteSource.IsDatabase(path)
            || SourceTable.IsParquet(path) || ModelFiles.MayBeTable(path) ? null
            : (path, ModelFiles.RequireKind(path));
    }

    /// <summary>Reads the one series that is meant.</summary>
    internal TimeSeries Read(ParseResult parsed) => parsed.GetValue(panel)
        ? throw new UsageException("--panel reads many series, and this is about one: name it with --series.")
        : OnGrid(parsed)(Read(parsed, (table, options) => table.ToSeries(options)));

    /// <summary>Reads the series that are meant: one, or with --panel all.</summary>
    internal SeriesPanel ReadAll(ParseResult parsed) => parsed.GetValue(panel)
        ? Read(parsed, (table, options) => table.ToPanel(options)).Map(OnGrid(parsed))
        : new SeriesPanel([Read(parsed)]);

    /// <summary>Brings a series to equal distances, where that is asked for.</summary>
    private Func<TimeSeries, TimeSeries> OnGrid(ParseResult parsed)
    {
        if (parsed.GetValue(grid) is not { } text)
        {
            return series => series;
        }

        Frequency step = FrequencyOf("--grid", text);
        return series => series.ToGrid(step);
    }

    private static Option<string?> Text(string name, string? alias, string description) =>
        new(name, alias is null ? [] : [alias]) { Description = description };

    private static Option<string[]> Several(string name, string? alias, string description) =>
        new(name, alias is null ? [] : [alias]) { Description = description, AllowMultipleArgumentsPerToken = true };

    private static Option<T> Choice<T>(string name, T usual, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => usual };

    private T Read<T>(ParseResult parsed, Func<SeriesTable, TableOptions, T> make)
    {
        if (parsed.GetValue(leaveOut) && !parsed.GetValue(panel))
        {
            throw new UsageException("--leave-out is about the series of a panel, and this reads one: give --panel too.");
        }

        (string? query, string? from) = (parsed.GetValue(sql), parsed.GetValue(table));
        if (query is not null && from is not null)
        {
            throw new UsageException("--table and --sql both say what to read: give one of them.");
        }

        // Read once: what a query or a long file gives is held, and what may mend its dates is tried on that.
        CsvOptions options = Options(parsed);
        SeriesTable read = SourceTable.Read(parsed.GetRequiredValue(file), from, query, options);
        try
        {
            return make(read, options);
        }
        catch (TableException wrong) when (wrong.IsOfDates && options.Gaps == DateGaps.Refuse
            && Mends.Of(options, Reads) is { } mends)
        {
            throw new TableException($"{wrong.Message}{Environment.NewLine}It can be read with {mends}.", wrong);
        }

        bool Reads(CsvOptions mended)
        {
            try
            {
                return make(read, mended) is not null;
            }
            catch (TableException)
            {
                return false;
            }
        }
    }

    /// <summary>Whether a file is called as tables are; whatever is in it, it is meant to be one.</summary>
    private static bool IsNamedTable(string path) => Path.GetExtension(path).ToLowerInvariant()
        is ".csv" or ".tsv" or ".txt" or ".dat" or ".tab" or ".xlsx" or ".xls" or ".ods" or ".gz";

    private string[]? Columns(ParseResult parsed)
    {
        string[] read = parsed.GetValue(columns) ?? [];
        IReadOnlyList<string> also = Also(parsed);
        return read.Length > 0 ? [.. read, .. also.Where(name => !read.Contains(name))]
            : also.Count == 0 ? null
            : throw new UsageException(
                $"{string.Join(", ", also)} go with what is forecast: say with --column which column that is.");
    }

    private CsvOptions Options(ParseResult parsed) => new()
    {
        Columns = Columns(parsed),
        DateColumn = parsed.GetValue(date) switch { "none" => string.Empty, var named => named },
        Series = parsed.GetValue(series),
        NameColumns = parsed.GetValue(names) is { Length: > 0 } naming ? naming : null,
        Gaps = GapsOf(parsed),
        Duplicates = parsed.GetValue(twice),
        Sort = parsed.GetValue(sort),
        Frequency = parsed.GetValue(frequency) is { } text ? FrequencyOf("--frequency", text) : null,
        DateFormat = parsed.GetValue(format),
        DayFirst = parsed.GetValue(dayFirst),
        Separator = parsed.GetValue(separator) switch
        {
            null => null,
            "tab" or "\\t" => '\t',
            "space" => ' ',
            [var one] => one,
            var other => throw new UsageException($"--separator is '{other}'. Say one character, tab or space."),
        },
        DecimalMark = parsed.GetValue(mark) switch
        {
            null => null,
            "." or "," => parsed.GetValue(mark)![0],
            var other => throw new UsageException($"--decimal is '{other}'. Say . or ,"),
        },
        Missing = parsed.GetValue(missing) ?? [],
        Encoding = parsed.GetValue(encoding) is { } name ? EncodingOf(name) : null,
        Comment = parsed.GetValue(comment) ?? "#",
        TimeZone = parsed.GetValue(zone) is { } id ? ZoneOf(id) : null,
        BadSeries = OnBadSeries(parsed),
    };

    /// <summary>What is done about missing dates; on a grid they do not matter.</summary>
    private DateGaps GapsOf(ParseResult parsed)
    {
        bool given = parsed.GetResult(gaps) is { Implicit: false };
        return parsed.GetValue(grid) is null ? parsed.GetValue(gaps)
            : given ? throw new UsageException("--gaps and --grid both say what to do where dates are missing: give one of them.")
            : DateGaps.Accept;
    }

    private static Frequency FrequencyOf(string option, string text) => Frequency.TryParse(text, out Frequency? found) ? found
        : throw new UsageException($"{option} is '{text}', which is none. Say monthly, daily, hourly, 15 minutes …");

    private static TimeZoneInfo ZoneOf(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? clock) ? clock
        : throw new UsageException($"--time-zone is '{id}', which is none that is known here. Say Europe/Berlin, "
            + "America/New_York, UTC …");

    private static Encoding EncodingOf(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--encoding is '{name}', which is none that is known here. Say utf-8, utf-16, latin1, "
                + "windows-1252, shift_jis …");
        }
    }
}
