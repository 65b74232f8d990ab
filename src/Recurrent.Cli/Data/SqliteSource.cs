using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Recurrent.Cli.Data;

/// <summary>Tables of SQLite databases.</summary>
internal static class SqliteSource
{
    /// <summary>Whether a file is a SQLite database, by what it begins with.</summary>
    internal static bool IsDatabase(string path) => FileStart.Is(path, "SQLite format 3\0"u8);

    /// <summary>Reads a table, or what a query gives.</summary>
    /// <param name="path">The database.</param>
    /// <param name="shown">What messages call it.</param>
    /// <param name="table">Name of the table; null for the only one there is.</param>
    /// <param name="query">A query, or null.</param>
    /// <param name="read">Makes something of the rows.</param>
    internal static T Read<T>(string path, string shown, string? table, string? query, Func<DbDataReader, T> read)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = query ?? $"SELECT * FROM \"{Name(connection, shown, table)}\"";
        using SqliteDataReader reader = command.ExecuteReader();
        return read(reader);
    }

    /// <summary>Name of the table, safe between double quotes.</summary>
    private static string Name(SqliteConnection connection, string shown, string? table) =>
        Table(connection, shown, table).Replace("\"", "\"\"", StringComparison.Ordinal);

    private static string Table(SqliteConnection connection, string shown, string? table)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master "
            + "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name";
        var names = new List<string>();
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return table is not null
            ? names.Find(name => string.Equals(name, table, StringComparison.OrdinalIgnoreCase))
                ?? throw new FormatException($"{shown} has no table '{table}'. "
                    + Registration.Spelling.DidYouMean(table, names) + $"It has {string.Join(", ", names)}.")
            : names.Count == 1 ? names[0]
            : throw new UsageException(names.Count == 0 ? $"{shown} has no table."
                : $"{shown} has the tables {string.Join(", ", names)}. Say which with --table.");
    }
}
