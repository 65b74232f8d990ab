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
        Description = "dates that are missing: refuse them, fill on a straight line, or accept",
        DefaultValueFactory = _ => DateGaps.Refuse,
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

        CsvTable rows = isDatabase ? SqliteSource.Read(path, parsed.GetValue(table), query) : CsvTable.Load(path);
        string? dates = parsed.GetValue(date) switch
        {
            null => DateColumn(rows),
            "none" => null,
            var named => named,
        };
        string numbers = parsed.GetValue(column) ?? NumberColumn(rows, dates);
        return rows.Series(numbers, dates, parsed.GetValue(gaps));
    }

    /// <summary>The file's path.</summary>
    internal string File(ParseResult parsed) => parsed.GetRequiredValue(file);

    private static string? DateColumn(CsvTable rows) => rows.Columns.FirstOrDefault(name => Holds(() => rows.Dates(name)));

    private static string NumberColumn(CsvTable rows, string? dates) =>
        rows.Columns.FirstOrDefault(name => name != dates && Holds(() => rows.Numbers(name)))
            ?? throw new FormatException($"{rows.Name} has no column of numbers. It has {string.Join(", ", rows.Columns)}.");

    private static bool Holds(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (CsvException)
        {
            return false;
        }
    }
}
