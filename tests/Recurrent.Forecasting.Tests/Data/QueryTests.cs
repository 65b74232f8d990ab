using Microsoft.Data.Sqlite;
using Recurrent.Data;

namespace Recurrent.Tests.Data;

/// <summary>Series from a database, by way of a DbDataReader.</summary>
[TestFixture]
public sealed class QueryTests
{
    private SqliteConnection connection = null!;

    [SetUp]
    public void Open()
    {
        connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Run("CREATE TABLE loads (station TEXT, at TEXT, load REAL, count INTEGER, unix INTEGER)");
        foreach (string station in new[] { "north", "south" })
        {
            for (int hour = 0; hour < 24; hour++)
            {
                string load = hour == 5 ? "NULL" : $"{hour}.5";
                Run($"INSERT INTO loads VALUES ('{station}', '2024-01-01 {hour:00}:00:00', {load}, {hour}, "
                    + $"{1704067200 + (3600 * hour)})");
            }
        }
    }

    [TearDown]
    public void Close() => connection.Dispose();

    [Test]
    public void A_series_is_read_from_a_query()
    {
        TimeSeries series = Read("SELECT at, load FROM loads WHERE station = 'north' ORDER BY at");
        Assert.Multiple(() =>
        {
            Assert.That(series.Frequency, Is.EqualTo(Frequency.Hourly));
            Assert.That(series.Count, Is.EqualTo(24));
            Assert.That(series[4], Is.EqualTo(4.5));
            Assert.That(series[5], Is.NaN);
            Assert.That(Read("SELECT unix AS timestamp, count FROM loads WHERE station = 'south'").Dates![23],
                Is.EqualTo(new DateTime(2024, 1, 1, 23, 0, 0)));
        });
    }

    [Test]
    public void A_panel_is_read_from_a_query()
    {
        using SqliteCommand command = Command("SELECT * FROM loads");
        using SqliteDataReader reader = command.ExecuteReader();
        SeriesPanel panel = SeriesPanel.FromReader(reader, new() { Columns = ["load", "count"], DateColumn = "at" });
        Assert.That(panel.Names, Is.EqualTo(new[] { "north", "south" }));
        Assert.That(panel["south"].Variable("count")[7], Is.EqualTo(7));
    }

    [TestCase("SELECT at, load FROM loads", "loads has no key", "row 25")]
    [TestCase("SELECT at FROM loads WHERE station = 'north'", "The query has no column of numbers besides its dates.",
        "at (dates)")]
    [TestCase("SELECT at, load FROM loads WHERE 1 = 0", "The query has no rows.", "")]
    [TestCase("SELECT station, at, load FROM loads", "The query holds 2 series, one below the other, named by column 'station'",
        "north, south")]
    [TestCase("SELECT at, 9e999 AS load FROM loads WHERE station = 'north'", "The query, row 1, column 'load'",
        "not a finite number")]
    public void What_is_no_series_is_told_by_row(string query, string start, string part) => Assert.That(
        () => Read(query), Throws.TypeOf<TableException>().With.Message.Contains(part)
            .And.Message.StartsWith(start.Replace("loads has no key", "The query, row 25, column 'at'",
            StringComparison.Ordinal)));

    private TimeSeries Read(string query)
    {
        using SqliteCommand command = Command(query);
        using SqliteDataReader reader = command.ExecuteReader();
        return TimeSeries.FromReader(reader);
    }

    private void Run(string sql)
    {
        using SqliteCommand command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
