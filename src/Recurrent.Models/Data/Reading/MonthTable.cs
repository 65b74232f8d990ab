namespace Recurrent.Data;

/// <summary>A table with a row for each year and a column for each month: one monthly series.</summary>
internal static class MonthTable
{
    private const int MonthsOfYear = 12;

    /// <summary>The months of such a table below one another, as a column of dates and one of numbers; null where a table is
    /// another.</summary>
    internal static SeriesTable? Unfold(SeriesTable table)
    {
        TableOptions options = table.Options;
        if (options.Form != PanelForm.Auto || options.Columns is not null || options.AllColumns || options.DateColumn is not null)
        {
            return null;
        }

        int[] numbers = [.. table.Columns.Select(column => MonthNames.Of(column.Name.Trim()))];
        int[] months = [.. Enumerable.Range(0, numbers.Length).Where(place => numbers[place] > 0)];
        int year = Enumerable.Range(0, table.Columns.Count)
            .FirstOrDefault(place => ColumnHints.Is(table.Columns[place].Name, ColumnHints.DateParts[0]), -1);
        bool inOrder = months.Select(place => numbers[place]).SequenceEqual(Enumerable.Range(1, MonthsOfYear));
        if (year < 0 || !inOrder || table.TryNumbers(year) is not { Length: > 0 } years || !AreYears(years))
        {
            return null;
        }

        double[][] values = [.. months.Select(table.ReadNumbers)];
        (DateTime Date, double Value, int Row)[] all =
        [
            .. from row in Enumerable.Range(0, years.Length)
               from month in Enumerable.Range(0, MonthsOfYear)
               select (new DateTime((int)years[row], month + 1, 1), values[month][row], row),
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

    private static bool AreYears(double[] years) =>
        Array.TrueForAll(years, value => value is >= 1 and < 9999 && value == Math.Truncate(value));
}
