using System.CommandLine;
using Recurrent.Data;

namespace Recurrent.Cli.Data;

/// <summary>The arguments that say which series is meant, the same for all commands.</summary>
internal sealed class SourceOptions
{
    private readonly Argument<string> file = new("file") { Description = "CSV file or SQLite database" };
    private readonly Option<string?> column = new("--column", "-c")
    {
        Description = "column to forecast (the first with numbers)",
    };

    private readonly Option<string?> date = new("--date", "-d")
    {
        Description = "column of dates (found by what it holds); none for none",
    };


    private readonly Option<string?> table = new("--table") { Description = "table of a SQLite database (the only one)" };

    private readonly Option<string?> sql = new("--sql") { Description = "query on a SQLite database, in place of --table" };

    private readonly Option<DateGaps> gaps = new("--gaps")
    {
        Description = "dates that are missing: refuse them, fill on a straight line, accept, or put in as missing",
        DefaultValueFactory = _ => DateGaps.Refuse,
    };

    private readonly Option<string?> series =
        new("--series")
    {
        Description = "the series to read, where the file holds several",
    };


    private readonly Option<string?> dateFormat = new("--date-format")
    {
        Description = "how dates are written, as d/M/yyyy (found out, where it can be told)",
    };

    private readonly Option<bool> sort = new("--sort") { Description = "put rows in order of their dates" };

    private readonly Option<DuplicateDates> duplicates = new("--duplicates")
    {
        Description = "dates that come twice: refuse them, or take the first, the last or the mean",
        DefaultValueFactory = _ => DuplicateDates.Refuse,
    };

    /// <summary>Adds them to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(file);
        command.Add(column);
        command.Add(date);
        command.Add(table);
        command.Add(sql);
        command.Add(gaps);
        command.Add(series);
        command.Add(dateFormat);
        command.Add(sort);
        command.Add(duplicates);
    }

    /// <summary>Reads the series.</summary>
    internal TimeSeries Read(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(file);
        string? query = parsed.GetValue(sql);
        if (query is not null && parsed.GetValue(table) is not null)
        {
            throw new UsageException("--table and --sql both say what to read: give one of them.");
        }

        bool isDatabase = SqliteSource.IsDatabase(path);
        if (!isDatabase && (query is not null || parsed.GetValue(table) is not null))
        {
            throw new UsageException($"{path} is no SQLite database, which --table and --sql are for.");
        }

        var options = new CsvOptions
        {
            Columns = parsed.GetValue(column) is { } named ? [named] : null,
            DateColumn = parsed.GetValue(date) is "none" ? string.Empty : parsed.GetValue(date),
            Gaps = parsed.GetValue(gaps),
            Series = parsed.GetValue(series),
            DateFormat = parsed.GetValue(dateFormat),
            Sort = parsed.GetValue(sort),
            Duplicates = parsed.GetValue(duplicates),
        };
        return isDatabase ? SqliteSource.Read(path, parsed.GetValue(table), query, options) : TimeSeries.FromCsv(path, options);
    }

    /// <summary>The file's path.</summary>
    internal string File(ParseResult parsed) => parsed.GetRequiredValue(file);
}
