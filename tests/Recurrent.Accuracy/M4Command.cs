using System.CommandLine;

namespace Recurrent.Accuracy;

/// <summary><c>m4</c>: a collection in two files, a row for each series: its name, then its values.</summary>
internal static class M4Command
{
    internal static Command Create()
    {
        var train = new Option<string>("--train") { Description = "File of training parts.", Required = true };
        var test = new Option<string>("--test") { Description = "File of what came.", Required = true };
        var season = new Option<int>("--season") { Description = "Season in steps.", Required = true };
        var horizon = new Option<int>("--horizon") { Description = "Steps to forecast.", Required = true };
        var limit = new Option<int?>("--limit") { Description = "Only the first so many series." };
        var methods = new MethodOptions();
        var command = new Command("m4", "A collection in the form of the M4 competition.") { train, test, season, horizon,
            limit };
        methods.AddTo(command);
        methods.Run(command, (parsed, choice) =>
        {
            string file = parsed.GetValue(train)!;
            Entry[] entries = Read(Table.Read(file), Table.Read(parsed.GetValue(test)!), parsed.GetValue(season),
                parsed.GetValue(horizon));
            return Collection.Run(Path.GetFileNameWithoutExtension(file), entries[..Math.Min(entries.Length,
                parsed.GetValue(limit) ?? int.MaxValue)], choice);
        });
        return command;
    }

    private static Entry[] Read(Table train, Table test, int season, int horizon)
    {
        if (season < 1 || horizon < 1)
        {
            throw new ArgumentException("--season and --horizon must be at least 1.");
        }

        Dictionary<string, double[]> came = Rows(test).ToDictionary(row => row.Name, row => row.Values);
        return [.. Rows(train).Select(row =>
        {
            double[] future = came.TryGetValue(row.Name, out double[]? values) ? values
                : throw new FormatException($"'{test.File}' has no row of '{row.Name}'.");
            return future.Length >= horizon
                ? new Entry(row.Name, season, row.Values, future[..horizon], Steps.Of(season), "all")
                : throw new FormatException(
                    $"'{test.File}': '{row.Name}' has {future.Length} values, and --horizon asks for {horizon}.");
        })];
    }

    private static IEnumerable<(string Name, double[] Values)> Rows(Table table)
    {
        for (int i = 0; i < table.Rows.Count; i++)
        {
            string[] row = table.Rows[i];
            int end = row.Length;
            while (end > 1 && double.IsNaN(table.Number(row[end - 1], i)))
            {
                end--;
            }

            int place = i;
            double[] values = [.. row[1..end].Select(field => table.Number(field, place))];
            yield return values.Length > 0 ? (row[0], values)
                : throw new FormatException($"'{table.File}', row {i + 2}: '{row[0]}' has no values.");
        }
    }
}
