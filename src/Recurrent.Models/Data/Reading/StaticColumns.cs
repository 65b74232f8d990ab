namespace Recurrent.Data;

/// <summary>Finds what is always so of each series of a table in long form.</summary>
internal static class StaticColumns
{
    /// <summary>Whether a column has one value, or none, in all rows of each series, and series have several rows.</summary>
    internal static bool IsConstant(SeriesTable table, int place, string[] names)
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        bool several = false;
        bool any = false;
        for (int row = 0; row < names.Length; row++)
        {
            if (table.IsMissing(place, row))
            {
                continue;
            }

            any = true;
            string text = table.Columns[place].Text(row);
            if (!first.TryAdd(names[row], text))
            {
                several = true;
                if (first[names[row]] != text)
                {
                    return false;
                }
            }
        }

        return several && any;
    }

    /// <summary>The attributes of each series.</summary>
    internal static Dictionary<string, IReadOnlyDictionary<string, AttributeValue>> Read(
        SeriesTable table, IEnumerable<int> places, string[] names)
    {
        int[] rows = [.. Enumerable.Range(0, names.Length).DistinctBy(row => names[row])];
        var all = rows.ToDictionary(row => names[row], _ => new Dictionary<string, AttributeValue>(StringComparer.Ordinal));
        foreach (int place in places.Where(place => table.KindOf(place) is ColumnKind.Numbers or ColumnKind.Texts
            && table.Columns[place].Name.Length > 0 && IsConstant(table, place, names)))
        {
            double[]? numbers = table.KindOf(place) == ColumnKind.Numbers ? table.TryNumbers(place) : null;
            string column = table.Columns[place].Name;
            for (int row = 0; row < names.Length; row++)
            {
                bool missing = table.IsMissing(place, row);
                if (!missing || !all[names[row]].ContainsKey(column))
                {
                    all[names[row]][column] = numbers is null ? missing ? string.Empty : table.Columns[place].Text(row).Trim()
                        : numbers[row];
                }
            }
        }

        return all.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<string, AttributeValue>)pair.Value,
            StringComparer.Ordinal);
    }
}
