using System.Globalization;

namespace Recurrent.Data;

/// <summary>Series that stand in rows: a name, and the values in the columns after it, whose names may be dates.</summary>
internal sealed class RowSeries
{
    private const int FewestValues = 3;

    private readonly SeriesTable table;
    private readonly int[] names;
    private readonly int[] values;
    private readonly DateTime[]? dates;
    private readonly Dictionary<int, double[]> columns = [];

    /// <summary>Finds the names, the values and the dates.</summary>
    internal RowSeries(SeriesTable table)
    {
        this.table = table;
        (values, dates) = Find(table);
        names = table.Options.NameColumns is { } given ? [.. given.Select(table.IndexOf)] : FindNames();
        Names = names.Length == 0
            ? [.. Enumerable.Range(1, table.RowCount).Select(row => FormattableString.Invariant($"row {row}"))]
            : NameSource.Names(table, names);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int twice = Array.FindIndex(Names, name => !seen.Add(name));
        if (twice >= 0)
        {
            throw table.Failure(twice, names[0],
                $"'{Names[twice]}' names two rows, each of which is a series. Say which columns name them "
                + "with NameColumns");
        }
    }

    /// <summary>The name of the series in each row.</summary>
    internal string[] Names { get; }

    /// <summary>Whether a table holds its series in rows: dates are names of columns, or there are no dates, and a column of
    /// names before nothing but numbers.</summary>
    internal static bool Fits(SeriesTable table)
    {
        if (table.Options.DateColumn is { Length: > 0 } || table.Options.Columns is not null)
        {
            return false;
        }

        (int[] values, DateTime[]? dates) = Find(table);
        if (values.Length < FewestValues)
        {
            return false;
        }

        bool named = table.RowCount > 1 && table.KindOf(0) == ColumnKind.Texts
            && Enumerable.Range(0, table.RowCount).Select(table.Columns[0].Text).Distinct().Count() == table.RowCount;
        return dates is not null || (named
            && (values.Length == table.Columns.Count - 1 || AreCounted([.. values.Select(place => table.Columns[place].Name)])));
    }

    /// <summary>Whether names count up: d_1, d_2, d_3.</summary>
    private static bool AreCounted(string[] columns)
    {
        string[] stems = [.. columns.Select(column => column.TrimEnd([.. "0123456789"])).Distinct()];
        return stems.Length == 1 && columns.Zip(columns.Skip(1)).All(pair =>
            int.TryParse(pair.First[stems[0].Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int one)
            && int.TryParse(pair.Second[stems[0].Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int next)
            && next == one + 1);
    }

    /// <summary>The series of a row; what is missing after its last value, and before its first where there are dates, is no part
    /// of it.</summary>
    internal TimeSeries Make(int row)
    {
        double[] all = [.. values.Select(place => Numbers(place)[row])];
        int end = 1 + Array.FindLastIndex(all, value => !double.IsNaN(value));
        int start = dates is null || end == 0 ? 0 : Array.FindIndex(all, value => !double.IsNaN(value));
        try
        {
            return new(Names[row], all[start..end], dates?[start..end], table.Options);
        }
        catch (ArgumentException error)
        {
            TableException failure = table.Failure(row, values[0], error.Message.TrimEnd('.'));
            failure.IsOfDates = dates is not null;
            throw failure;
        }
    }

    /// <summary>What is always so of each series: the other columns.</summary>
    internal Dictionary<string, IReadOnlyDictionary<string, AttributeValue>> Attributes()
    {
        int[] places = [.. Enumerable.Range(0, table.Columns.Count).Except(values).Except(names)
            .Where(place => table.Columns[place].Name.Length > 0 && table.KindOf(place)
            is ColumnKind.Numbers or ColumnKind.Texts)];
        return Enumerable.Range(0, table.RowCount)
            .ToDictionary(row => Names[row], row => (IReadOnlyDictionary<string, AttributeValue>)places
            .ToDictionary(place => table.Columns[place].Name, place => table.KindOf(place) == ColumnKind.Numbers
                ? new AttributeValue(Numbers(place)[row]) : new AttributeValue(table.Columns[place].Text(row).Trim())));
    }

    /// <summary>The columns that hold values, and their dates where their names are dates.</summary>
    private static (int[] Values, DateTime[]? Dates) Find(SeriesTable table)
    {
        int[] numbers = [.. Enumerable.Range(0, table.Columns.Count).Where(place => table.KindOf(place) is ColumnKind.Numbers
            || (place > 0 && table.KindOf(place) == ColumnKind.Empty))];
        int[] dated = [.. numbers.Where(place => StampText.TryRead(table.Columns[place].Name, out _)
            && !IsCount(table.Columns[place].Name))];
        if (dated.Length < FewestValues || dated.Length * 2 < numbers.Length)
        {
            return (numbers, null);
        }

        StampColumn stamps = StampColumn.Read([.. dated.Select(place => table.Columns[place].Name)], table.Options);
        return stamps.Problem is (int column, string problem)
            ? throw table.Failure($"has dates for names of its columns, but {problem} ('{table.Columns[dated[column]].Name}').")
            : (dated, stamps.Dates);
    }

    private static bool IsCount(string name) => name.Length != 4 && NumberText.TryPlain(name, out _);

    /// <summary>The column of names: one that names every row by itself, or all columns of texts together.</summary>
    private int[] FindNames()
    {
        int[] texts = [.. Enumerable.Range(0, table.Columns.Count).Where(place => table.KindOf(place) == ColumnKind.Texts)];
        int single = texts.OrderBy(place => ColumnHints.IsName(table.Columns[place].Name) ? 0 : 1).FirstOrDefault(
            place => Enumerable.Range(0, table.RowCount).Select(table.Columns[place].Text)
                .Where(name => !string.IsNullOrWhiteSpace(name))
                .Distinct().Count() == table.RowCount, -1);
        return single >= 0 ? [single] : texts;
    }

    private double[] Numbers(int place)
    {
        if (!columns.TryGetValue(place, out double[]? read))
        {
            columns[place] = read = table.ReadNumbers(place);
        }

        return read;
    }
}
