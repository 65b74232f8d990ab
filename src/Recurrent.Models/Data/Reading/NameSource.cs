namespace Recurrent.Data;

/// <summary>Finds the columns that name the series of a table in long form.</summary>
internal static class NameSource
{
    private const int MostCandidates = 8;
    private const double MostLeft = 0.01;

    /// <summary>The columns; none where the table holds one series.</summary>
    internal static int[] Find(SeriesTable table, DateSource? dates)
    {
        if (table.Options.NameColumns is { } given)
        {
            return [.. given.Select(table.IndexOf)];
        }

        if (dates is null)
        {
            return WithSteps(table);
        }

        if (table.RowCount < 2 || AreApart(dates.Dates, _ => string.Empty, 0))
        {
            return [];
        }

        // A column that names series has the same name in several rows; numbers do where the column is called so.
        int[] candidates =
        [
            .. Enumerable.Range(0, table.Columns.Count).Except(dates.Columns).Where(place => IsCandidate(table, place))
                .OrderBy(place => ColumnHints.IsName(table.Columns[place].Name) ? 0 : 1).Take(MostCandidates),
        ];
        int[][] choices =
        [
            .. candidates.Select(place => new[] { place }),
            .. from first in candidates from second in candidates where first < second select new[] { first, second },
        ];
        foreach (int[] choice in choices)
        {
            string[] names = Names(table, choice);
            if (AreApart(dates.Dates, row => names[row], MostLeft * table.RowCount))
            {
                return choice;
            }
        }

        int numbered = Enumerable.Range(0, table.Columns.Count).Except(dates.Columns)
            .FirstOrDefault(place => IsBalanced(table, place, dates.Dates), -1);
        return numbered >= 0 ? [numbered] : [];
    }

    /// <summary>Whether a column of whole numbers has each of a few of them once at every date: they name series, whatever the
    /// column is called.</summary>
    private static bool IsBalanced(SeriesTable table, int place, DateTime[] dates)
    {
        if (table.KindOf(place) != ColumnKind.Numbers || table.TryNumbers(place) is not { } values
            || !Array.TrueForAll(values, value => value == Math.Truncate(value)))
        {
            return false;
        }

        const int fewest = 3;
        int series = values.Distinct().Count();
        int steps = dates.Distinct().Count();
        return series > 1 && steps >= fewest && (long)series * steps == values.Length
            && values.Zip(dates).Distinct().Count() == values.Length;
    }

    /// <summary>A column of names beside one that numbers the steps of each series, where there are no dates.</summary>
    private static int[] WithSteps(SeriesTable table)
    {
        int name = Enumerable.Range(0, table.Columns.Count).FirstOrDefault(
            place => ColumnHints.IsName(table.Columns[place].Name) && IsCandidate(table, place), -1);
        return name >= 0
            && Enumerable.Range(0, table.Columns.Count).Any(place => place != name && NumbersSteps(table, place, [name]))
            ? [name] : [];
    }

    /// <summary>Whether a column numbers the steps of each series.</summary>
    internal static bool NumbersSteps(SeriesTable table, int place, int[] keys)
    {
        if (!ColumnHints.IsStep(table.Columns[place].Name) || table.KindOf(place) != ColumnKind.Numbers
            || table.TryNumbers(place) is not { } steps)
        {
            return false;
        }

        var last = new Dictionary<string, double>(StringComparer.Ordinal);
        string[] names = Names(table, keys);
        for (int row = 0; row < steps.Length; row++)
        {
            if (last.TryGetValue(names[row], out double before) && steps[row] != before + 1)
            {
                return false;
            }

            last[names[row]] = steps[row];
        }

        return last.Count < steps.Length;
    }

    /// <summary>The name of the series that each row belongs to.</summary>
    internal static string[] Names(SeriesTable table, int[] keys) =>
        [.. Enumerable.Range(0, table.RowCount).Select(row => string.Join(
            '/', keys.Select(key => table.Columns[key].Text(row).Trim()).Where(part => part.Length > 0)))];

    private static bool IsCandidate(SeriesTable table, int place)
    {
        TableColumn column = table.Columns[place];
        bool numbers = table.KindOf(place) == ColumnKind.Numbers && ColumnHints.IsName(column.Name)
            && table.TryNumbers(place) is { } values && Array.TrueForAll(values, value => value == Math.Truncate(value));
        if (!numbers && table.KindOf(place) != ColumnKind.Texts)
        {
            return false;
        }

        int different = Enumerable.Range(0, table.RowCount).Select(column.Text).Distinct().Count();
        return different > 1 && 2 * different <= table.RowCount;
    }

    /// <summary>Whether no more rows than so many have the date and the name of one above.</summary>
    private static bool AreApart(DateTime[] dates, Func<int, string> name, double most)
    {
        var seen = new HashSet<(DateTime, string)>();
        int repeated = 0;
        for (int row = 0; row < dates.Length && repeated <= most; row++)
        {
            repeated += seen.Add((dates[row], name(row))) ? 0 : 1;
        }

        return repeated <= most;
    }
}
