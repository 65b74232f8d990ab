namespace Recurrent.Data;

/// <summary>A table with a row for each year and a column for each month or quarter: one series.</summary>
internal static class MonthTable
{
    private const int MonthsOfYear = 12;

    private static readonly string[] Quarters = ["Q1", "Q2", "Q3", "Q4", "QTR1", "QTR2", "QTR3", "QTR4", "I", "II", "III", "IV"];

    /// <summary>The months of such a table below one another, as a column of dates and one of numbers; null where a table is
    /// another.</summary>
    internal static SeriesTable? Unfold(SeriesTable table)
    {
        TableOptions options = table.Options;
        if (options.Form != PanelForm.Auto || options.Columns is not null || options.AllColumns || options.DateColumn is not null)
        {
            return null;
        }

        int[] months = Parts(table, name => MonthNames.Of(name), MonthsOfYear);
        const int quartersOfYear = 4;
        months = months.Length > 0 ? months : Parts(table, name =>
            Array.IndexOf(Quarters, name.Replace(" ", string.Empty, StringComparison.Ordinal).ToUpperInvariant()) is >= 0
                and int found ? (found % quartersOfYear) + 1 : 0, quartersOfYear);
        int year = Enumerable.Range(0, table.Columns.Count)
            .FirstOrDefault(place => ColumnHints.Is(table.Columns[place].Name, ColumnHints.DateParts[0]), -1);
        if (year < 0 || months.Length == 0 || table.TryNumbers(year) is not { Length: > 0 } years || !AreYears(years))
        {
            return null;
        }

        double[][] values = [.. months.Select(table.ReadNumbers)];
        (DateTime Date, double Value, int Row)[] all =
        [
            .. from row in Enumerable.Range(0, years.Length)
               from part in Enumerable.Range(0, months.Length)
               select (new DateTime((int)years[row], (part * (MonthsOfYear / months.Length)) + 1, 1), values[part][row], row),
        ];

        // The last year is often not over.
        int count = 1 + Array.FindLastIndex(all, month => !double.IsNaN(month.Value));
        int start = Math.Max(0, Array.FindIndex(all, month => !double.IsNaN(month.Value)));
        return count <= start ? null : table.Derived(
            [
                TableColumn.OfDates(table.Columns[year].Name, all[start..count].Select(month => (DateTime?)month.Date)),
                TableColumn.OfNumbers(table.SeriesName, all[start..count].Select(month => month.Value)),
            ],
            row => all[start + row].Row);
    }

    /// <summary>The columns of the parts of a year, where they stand once and in order; else none.</summary>
    private static int[] Parts(SeriesTable table, Func<string, int> number, int count)
    {
        int[] numbers = [.. table.Columns.Select(column => number(column.Name.Trim()))];
        int[] places = [.. Enumerable.Range(0, numbers.Length).Where(place => numbers[place] > 0)];
        return places.Select(place => numbers[place]).SequenceEqual(Enumerable.Range(1, count)) ? places : [];
    }

    private static bool AreYears(double[] years) =>
        Array.TrueForAll(years, value => value is >= 1 and < 9999 && value == Math.Truncate(value));
}
