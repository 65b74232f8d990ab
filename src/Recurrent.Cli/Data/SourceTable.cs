using Recurrent.Data;
using Recurrent.Parquet;

namespace Recurrent.Cli.Data;

/// <summary>The table in a file, read once, whichever kind of file it is.</summary>
internal static class SourceTable
{
    /// <summary>Reads a table.</summary>
    /// <param name="given">The file as it stands on the command line.</param>
    /// <param name="table">Name of a table of a database; null for the only one.</param>
    /// <param name="query">A query on a database, or null.</param>
    /// <param name="options">How a CSV file is written.</param>
    internal static SeriesTable Read(string given, string? table, string? query, CsvOptions options)
    {
        using FileStream? spooled = StandardInput.Is(given) ? StandardInput.Spool(given) : null;
        string path = spooled?.Name ?? given;
        string shown = spooled is null ? path : StandardInput.Name;
        if (SqliteSource.IsDatabase(path))
        {
            return SqliteSource.Read(path, shown, table, query, reader => ReaderTable.Read(reader, Path.GetFileName(shown)))
                .With(options);
        }

        if (query is not null || table is not null)
        {
            throw new UsageException($"{shown} is no SQLite database, which --table and --sql are for.");
        }

        if (IsParquet(path))
        {
            SeriesTable read = ParquetSeries.ReadTableAsync(path).GetAwaiter().GetResult();
            return (shown == path ? read : new SeriesTable(shown, read.Columns)).With(options);
        }

        return (shown == path ? CsvTable.Load(path, options) : CsvTable.Load(path, shown, options)).Table;
    }

    /// <summary>Whether a file is one of Parquet, by what it begins with.</summary>
    internal static bool IsParquet(string path) => FileStart.Is(path, "PAR1"u8);
}
