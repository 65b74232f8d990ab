using System.CommandLine;
using Recurrent.Data;

namespace Recurrent.Accuracy;

/// <summary><c>mcomp</c>: a collection in one file, a row for each series, with its training and test values in a field
/// each.</summary>
internal static class McompCommand
{
    internal static Command Create()
    {
        var file = new Option<string>("--file") { Description = "The file.", Required = true };
        var period = new Option<string?>("--period") { Description = "Only the series of this period: MONTHLY." };
        var every = new Option<int>("--every") { Description = "Only every so manyth series.", DefaultValueFactory = _ => 1 };
        var methods = new MethodOptions();
        var command = new Command("mcomp", "A collection in the form of the M3 competition.") { file, period, every };
        methods.AddTo(command);
        methods.Run(command, (parsed, choice) =>
        {
            string path = parsed.GetValue(file)!;
            int step = Math.Max(1, parsed.GetValue(every));
            Entry[] entries = [.. Read(Table.Read(path))
                .Where(entry => parsed.GetValue(period) is not { } only
                    || string.Equals(entry.Group, only, StringComparison.OrdinalIgnoreCase))
                .Where((_, i) => i % step == 0)];
            return entries.Length > 0 ? Collection.Run(Path.GetFileNameWithoutExtension(path), entries, choice)
                : throw new ArgumentException($"'{path}' has no series of the period '{parsed.GetValue(period)}'.");
        });
        return command;
    }

    private static IEnumerable<Entry> Read(Table table)
    {
        int train = table.Column("train");
        int test = table.Column("test");
        int season = table.Has("season") ? table.Column("season") : -1;
        int period = table.Has("period") ? table.Column("period") : -1;
        int id = table.Has("id") ? table.Column("id") : 0;
        if (season < 0 && period < 0)
        {
            throw new FormatException($"'{table.File}' has neither a column 'season' nor 'period'.");
        }

        for (int i = 0; i < table.Rows.Count; i++)
        {
            string[] row = table.Rows[i];
            if (row.Length != table.Header.Length)
            {
                throw new FormatException($"'{table.File}', row {i + 2}: {row.Length} fields, where the header has "
                    + $"{table.Header.Length}.");
            }

            string group = period < 0 ? "all" : row[period];
            int steps = season < 0 ? SeasonOf(group) : (int)table.Number(row[season], i);
            double[] past = Values(table, row[train], i);
            double[] future = Values(table, row[test], i);
            if (past.Length == 0 || future.Length == 0 || steps < 1)
            {
                throw new FormatException(
                    $"'{table.File}', row {i + 2}: a series needs training values, test values and a season.");
            }

            yield return new(row[id], steps, past, future,
                string.Equals(group, "YEARLY", StringComparison.OrdinalIgnoreCase) ? Frequency.Yearly : Steps.Of(steps), group);
        }
    }

    private static double[] Values(Table table, string field, int row) =>
        [.. field.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => table.Number(text, row))];

    private static int SeasonOf(string period) => period.ToUpperInvariant() switch
    {
        "MONTHLY" => 12,
        "QUARTERLY" => 4,
        "WEEKLY" => 52,
        "DAILY" => 7,
        "HOURLY" => 24,
        _ => 1,
    };
}
