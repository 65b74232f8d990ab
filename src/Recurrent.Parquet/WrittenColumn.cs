using Parquet;
using Parquet.Schema;
using Recurrent.Data;

namespace Recurrent.Parquet;

/// <summary>A column that is written: its field, and its values in all rows.</summary>
/// <param name="Field">Name and type.</param>
/// <param name="WriteAsync">Writes its values to a group of rows.</param>
internal sealed record WrittenColumn(DataField Field, Func<ParquetRowGroupWriter, CancellationToken, Task> WriteAsync)
{
    /// <summary>The columns of a panel, one series below the other.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="named">Whether there is a column of the series' names, and one for each attribute.</param>
    internal static List<WrittenColumn> Of(SeriesPanel panel, bool named)
    {
        bool alike = panel.All(series => series.Variables.SequenceEqual(panel.Variables));
        string[] variables = alike ? [.. panel.Variables] : ["value"];
        string[] taken = [.. variables, .. panel.AttributeNames];
        var columns = new List<WrittenColumn>();
        if (named)
        {
            columns.Add(Texts(Free(taken, "series", "name", "id"),
                panel.SelectMany(series => Enumerable.Repeat(series.Name, series.Count))));
        }

        bool dated = panel.All(series => series.Dates is not null);
        if (dated)
        {
            columns.Add(Dates(Free(taken, "date", "time", "timestamp"), [.. panel.SelectMany(series => series.Dates!)]));
        }
        else if (panel.Any(series => series.Dates is not null))
        {
            throw new ArgumentException($"Series '{panel.First(series => series.Dates is null).Name}' of the panel has no "
                + "dates, and others have: give all dates, or none.", nameof(panel));
        }

        for (int place = 0; place < variables.Length; place++)
        {
            int variable = place;
            columns.Add(Numbers(variables[place], panel.SelectMany(series => series.Variable(variable).ToArray())));
        }

        foreach (string name in named ? panel.AttributeNames : [])
        {
            bool number = panel.Attributes[panel[0].Name][name].IsNumber;
            columns.Add(number
                ? Numbers(name, panel.SelectMany(series => Enumerable.Repeat(panel.Attributes[series.Name][name].Number,
                    series.Count)))
                : Texts(name, panel.SelectMany(series => Enumerable.Repeat(panel.Attributes[series.Name][name].Text!,
                    series.Count))));
        }

        return columns;
    }

    private static string Free(string[] taken, params string[] names) =>
        names.FirstOrDefault(name => !taken.Contains(name, StringComparer.OrdinalIgnoreCase)) ?? names[0] + " (of the row)";

    private static WrittenColumn Numbers(string name, IEnumerable<double> values)
    {
        double[] all = [.. values];
        var field = new DataField<double>(name, false);
        return new(field, (group, token) => group.WriteAsync<double>(field, all.AsMemory(), cancellationToken: token));
    }

    private static WrittenColumn Texts(string name, IEnumerable<string> values)
    {
        string[] all = [.. values];
        var field = new DataField<string>(name, false);
        return new(field, (group, _) => group.WriteAsync(field, all));
    }

    /// <summary>Timestamps in microseconds, or nanoseconds where they are finer.</summary>
    private static WrittenColumn Dates(string name, DateTime[] dates)
    {
        bool utc = Array.Exists(dates, date => date.Kind == DateTimeKind.Utc);
        bool fine = Array.Exists(dates, date => date.Ticks % TimeSpan.TicksPerMicrosecond != 0);
        var field = new DateTimeDataField(name, DateTimeFormat.Timestamp, utc,
            fine ? DateTimeTimeUnit.Nanos : DateTimeTimeUnit.Micros, false);
        return new(field, (group, token) => group.WriteAsync<DateTime>(field, dates.AsMemory(), cancellationToken: token));
    }
}
