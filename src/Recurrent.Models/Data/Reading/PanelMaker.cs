namespace Recurrent.Data;

/// <summary>Makes a panel of a table.</summary>
internal sealed class PanelMaker
{
    private readonly SeriesTable table;
    private readonly TableOptions options;
    private readonly List<TimeSeries> series = [];
    private readonly Dictionary<string, string> leftOut = new(StringComparer.Ordinal);

    /// <summary>Creates a maker.</summary>
    internal PanelMaker(SeriesTable table)
    {
        this.table = table;
        options = table.Options;
    }

    /// <summary>Makes the panel.</summary>
    internal SeriesPanel Make()
    {
        Dictionary<string, IReadOnlyDictionary<string, AttributeValue>>? attributes = null;
        if (options.Form == PanelForm.Rows
            || (options.Form == PanelForm.Auto && options.NameColumns is null && RowSeries.Fits(table)))
        {
            var rows = new RowSeries(table);
            attributes = rows.Attributes();
            for (int row = 0; row < table.RowCount; row++)
            {
                int place = row;
                Add(rows.Names[place], () => rows.Make(place));
            }
        }
        else
        {
            attributes = MakeOfColumns();
        }

        SeriesPanel panel = Panel(attributes);
        return options.Series is { } one && panel.Contains(one) ? panel.Select(one) : options.Series is { } missing
            ? throw table.Failure($"has no series '{missing}'. {Registration.Spelling.DidYouMean(missing, [.. panel.Names])}")
            : panel;
    }

    private SeriesPanel Panel(Dictionary<string, IReadOnlyDictionary<string, AttributeValue>>? attributes)
    {
        if (series.Count == 0)
        {
            throw table.Failure($"has no series that can be read: {leftOut.Values.FirstOrDefault()}");
        }

        foreach (string name in leftOut.Keys)
        {
            attributes?.Remove(name);
        }

        try
        {
            return new SeriesPanel(series, attributes, leftOut);
        }
        catch (ArgumentException error)
        {
            throw table.Failure($"holds no panel: {error.Message}");
        }
    }

    private Dictionary<string, IReadOnlyDictionary<string, AttributeValue>>? MakeOfColumns()
    {
        DateSource? dates = table.DatesFound;
        int[] keys = options.Form == PanelForm.Columns ? [] : table.NamesFound;
        if (keys.Length == 0)
        {
            if (options.Form == PanelForm.Long)
            {
                throw table.Failure("has no column that names its series. Say which with NameColumns. Its columns are "
                    + $"{table.Contents}.");
            }

            SeriesTable all = options.Columns is not null || options.AllColumns ? table : table.WithAllColumns();
            foreach (int place in all.ValuesFound([], null))
            {
                Add(table.VariableOf(place), () => new SeriesMaker(table).Make(null, [place], dates, null));
            }

            return null;
        }

        string[] names = NameSource.Names(table, keys);
        int[] values = table.ValuesFound(keys, names);
        string[] variables = [.. values.Select(table.VariableOf)];
        foreach (IGrouping<string, int> rows in Enumerable.Range(0, names.Length).GroupBy(row => names[row]))
        {
            int[] own = [.. rows];
            Add(rows.Key, () => SeriesMaker.Make(
                table, rows.Key, variables, [.. values.Select(place => table.ReadNumbers(place, own, rows.Key))], dates, own));
        }

        return StaticColumns.Read(
            table, Enumerable.Range(0, table.Columns.Count).Except(dates?.Columns ?? []).Except(keys).Except(values), names);
    }

    private void Add(string name, Func<TimeSeries> make)
    {
        if (options.BadSeries == BadSeries.Refuse)
        {
            try
            {
                series.Add(make());
            }
            catch (ArgumentException error)
            {
                throw table.Failure($"has a series that cannot be read, '{name}': {error.Message}");
            }

            return;
        }

        try
        {
            TimeSeries one = make();
            bool empty = one.Variables.All(variable => !one.Observed(variable).Contains(true));
            if (empty)
            {
                leftOut[name] = "All its values are missing.";
            }
            else
            {
                series.Add(one);
            }
        }
        catch (Exception error) when (error is ArgumentException or TableException)
        {
            leftOut[name] = error.Message;
        }
    }
}
