using System.CommandLine;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Data;

/// <summary>Which columns are only seen, and which are known ahead.</summary>
internal sealed class RoleOptions
{
    private readonly Option<string[]> past = new("--past")
    {
        Description = "columns that go with what is forecast, and are known as far as it is",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> future = new("--future")
    {
        Description = "columns that are known ahead: rows behind the last value of the column that is forecast give them",
        AllowMultipleArgumentsPerToken = true,
    };

    internal void AddTo(Command command)
    {
        command.Add(past);
        command.Add(future);
    }

    /// <summary>The columns that the options name.</summary>
    internal IReadOnlyList<string> Columns(ParseResult parsed) =>
        [.. parsed.GetValue(past) ?? [], .. parsed.GetValue(future) ?? []];

    /// <summary>The roles; null where no column has one.</summary>
    internal SeriesRoles? Roles(ParseResult parsed) => Columns(parsed).Count == 0 ? null
        : new SeriesRoles(Past: parsed.GetValue(past) ?? [], Future: parsed.GetValue(future) ?? []);

    /// <summary>Cuts off what is known ahead: the rows at the end in which nothing that is forecast has a value.</summary>
    /// <returns>The series as far as they are known, and what is known ahead of each; null where nothing can be.</returns>
    internal static (SeriesPanel Known, SeriesPanel? Ahead) Split(SeriesPanel panel, SeriesRoles? roles)
    {
        if (roles?.Future is not { Count: > 0 } ahead)
        {
            return (panel, null);
        }

        string[] targets = [.. panel.Variables.Where(name => !ahead.Contains(name) && roles.Past?.Contains(name) != true)];
        int[] known = [.. panel.Select(series => Known(series, targets))];
        if (panel.Where((series, i) => known[i] == 0).FirstOrDefault() is { } empty)
        {
            throw new FormatException($"Series '{empty.Name}' has no value of {string.Join(", ", targets)}.");
        }

        TimeSeries[] rows =
            [.. panel.Select((series, i) => series.Slice(known[i], series.Count - known[i])).Where(series => series.Count > 0)];
        return (new([.. panel.Select((series, i) => series.Slice(0, known[i]))], panel.Attributes, panel.LeftOut),
            rows.Length == 0 ? null : new([.. rows.Select(series => series.Select([.. ahead]))]));
    }

    private static int Known(TimeSeries series, string[] targets)
    {
        int known = series.Count;
        while (known > 0 && targets.All(target => double.IsNaN(series.Variable(target)[known - 1])))
        {
            known--;
        }

        return known;
    }
}
