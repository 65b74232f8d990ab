namespace Recurrent.Data;

/// <summary>Makes a series of a table.</summary>
internal sealed class SeriesMaker
{
    private const int Shown = 5;

    // So many values that rise by 1 from 0 or 1 are numbers of rows.
    private const int CertainCount = 10;

    private readonly SeriesTable table;
    private readonly TableOptions options;

    /// <summary>Creates a maker.</summary>
    internal SeriesMaker(SeriesTable table)
    {
        this.table = table;
        options = table.Options;
    }

    /// <summary>Makes the series.</summary>
    internal TimeSeries Make()
    {
        if (options.Form == PanelForm.Rows
            || (options.Form == PanelForm.Auto && options.Columns is null && RowSeries.Fits(table)))
        {
            return One(new PanelMaker(table).Make());
        }

        DateSource? dates = table.DatesFound;
        int[] keys = options.Form == PanelForm.Columns ? [] : table.NamesFound;
        if (keys.Length == 0 && options.Series is not null)
        {
            throw table.Failure($"holds one series, and no column that names several: leave Series = \"{options.Series}\" out, "
                + $"or say which columns name them with NameColumns. Its columns are {table.Contents}.");
        }

        if (keys.Length > 0)
        {
            string[] names = NameSource.Names(table, keys);
            RequireOne(names, string.Join("' and '", keys.Select(key => table.Columns[key].Name)));
            int[] rows = [.. Enumerable.Range(0, names.Length).Where(row => names[row] == options.Series)];
            return Make(options.Series, table.ValuesFound(keys, names), dates, rows);
        }

        return Make(null, table.ValuesFound([], null), dates, null);
    }

    /// <summary>The columns that become variables.</summary>
    internal static int[] Values(SeriesTable table, DateSource? dates, int[] keys, string[]? names)
    {
        if (table.Options.Columns is { } given)
        {
            int[] places = [.. given.Select(table.IndexOf)];
            return places.Length > 0 && places.Distinct().Count() == places.Length ? places
                : throw table.Failure(
                $"was asked for the columns ({string.Join(", ", given)}): name at least one, and each once.");
        }

        int[] free = [.. Enumerable.Range(0, table.Columns.Count).Except(dates?.Columns ?? []).Except(keys)
            .Where(place => table.KindOf(place) == ColumnKind.Numbers)];
        // What counts rows or repeats the dates measures nothing; what never changes within a series describes it.
        int most = table.Options.AllColumns ? free.Length : 1;
        IEnumerable<int> measured = free.Where(place => !CountsRows(table, place, dates) && !RepeatsDates(table, place, dates)
            && !(dates is null && names is not null && NameSource.NumbersSteps(table, place, keys)));
        measured = measured.Where(place => !Describes(table, place));
        int[] chosen = [.. measured.Where(place => names is null || !StaticColumns.IsConstant(table, place, names)).Take(most)];
        chosen = chosen.Length > 0 ? chosen : [.. measured.Take(most)];
        return free.Length == 0
            ? throw table.Failure($"has no column of numbers{(dates is null ? string.Empty : " besides its dates")}. "
                + $"Its columns are {table.Contents}.")
            : chosen.Length > 0 ? chosen : free[..most];
    }

    /// <summary>Makes a series of some rows, or all.</summary>
    internal TimeSeries Make(string? name, int[] values, DateSource? dates, int[]? rows)
    {
        string[] variables = [.. values.Select(table.VariableOf)];
        double[][] columns = [.. values.Select(place => Pick(table.ReadNumbers(place), rows))];
        return Make(table, name ?? (values.Length == 1 ? variables[0] : table.SeriesName), variables, columns, dates, rows);
    }

    /// <summary>Makes a series of values that were read.</summary>
    internal static TimeSeries Make(
        SeriesTable table, string name, string[] variables, double[][] columns, DateSource? dates, int[]? rows)
    {
        if (dates is null)
        {
            return TimeSeries.Create(name, variables, columns);
        }

        DateTime[] own = Pick(dates.Dates, rows);
        DateMending mended = DateMending.Apply(own, columns, table.Options);
        if (mended.Problem is (int row, string problem))
        {
            TableException failure = table.Failure(rows?[row] ?? row, dates.Columns[0],
                $"'{string.Join(' ', dates.Columns.Select(place => table.Columns[place].Text(rows?[row] ?? row)))}' {problem}");
            failure.IsOfDates = true;
            throw failure;
        }

        return TimeSeries.OfMended(name, variables, mended);
    }

    internal static T[] Pick<T>(T[] values, int[]? rows) => rows is null ? values : [.. rows.Select(row => values[row])];

    /// <summary>Whether a column is called like names or times of series, and is the same in all rows.</summary>
    private static bool Describes(SeriesTable table, int place) => table.RowCount > 1
        && (ColumnHints.IsName(table.Columns[place].Name) || ColumnHints.IsDate(table.Columns[place].Name))
        && table.TryNumbers(place) is { } values && Array.TrueForAll(values, value => value == values[0]);

    /// <summary>Whether a column counts rows, or, where there are no dates, is called like steps of time and rises by one and the
    /// same step. Where one column is looked for, also the first one that counts from 0 or 1, whatever its name: what is measured
    /// hardly ever does.</summary>
    private static bool CountsRows(SeriesTable table, int place, DateSource? dates)
    {
        const double slack = 1e-6;
        string name = table.Columns[place].Name;
        bool counter = place == 0 && ColumnHints.IsCounter(name);
        bool steps = dates is null && ColumnHints.IsStep(name);
        bool maybe = !table.Options.AllColumns && (place == 0 || ColumnHints.IsStep(name));
        if ((!counter && !steps && !maybe) || table.TryNumbers(place) is not { Length: > 1 } values)
        {
            return false;
        }

        double step = values[1] - values[0];
        bool counts = step == 1 && values[0] is 0 or 1;
        return ((steps && step > 0 && values.Length > 2) || (counts && (counter || (maybe && values.Length >= CertainCount))))
            && values.Zip(values.Skip(1), (one, next) => next - one).All(by => Math.Abs(by - step) <= slack * step);
    }

    /// <summary>Whether values number the days of the week, from whichever day on.</summary>
    private static bool AreWeekdays(DateTime[] dates, double[] values)
    {
        const int fewest = 5;
        var numbers = new Dictionary<DayOfWeek, double>();
        for (int row = 0; row < dates.Length; row++)
        {
            if (!(values[row] is >= 0 and <= 7) || values[row] != Math.Floor(values[row])
                || (!numbers.TryAdd(dates[row].DayOfWeek, values[row]) && numbers[dates[row].DayOfWeek] != values[row]))
            {
                return false;
            }
        }

        return numbers.Count >= fewest && dates.Length > numbers.Count && numbers.Values.Distinct().Count() == numbers.Count;
    }

    /// <summary>Whether a column says what the dates say: the year, the month, the day or that of the week or year, the hour, or
    /// the year with its part.</summary>
    private static bool RepeatsDates(SeriesTable table, int place, DateSource? dates)
    {
        const double slack = 0.1;
        if (dates is not { Dates.Length: > 1 } || table.TryNumbers(place) is not { } values)
        {
            return false;
        }

        DateTime[] all = dates.Dates;
        string name = table.Columns[place].Name;
        bool unnamed = name.StartsWith("column ", StringComparison.Ordinal);
        bool year = Is(date => date.Year, 0) || Is(date => date.Year + ((date.DayOfYear - 1) / 365.25), slack);
        return year || (ColumnHints.Is(name, ColumnHints.DaysOfYear) && Is(date => date.DayOfYear, 0))
            || AreWeekdays(all, values) || ((unnamed || ColumnHints.DateParts.Any(part => ColumnHints.Is(name, part)))
            && (Is(date => date.Month, 0) || Is(date => date.Day, 0) || Is(date => date.Hour, 0)));

        bool Is(Func<DateTime, double> part, double most) =>
            Enumerable.Range(0, all.Length).All(row => Math.Abs(values[row] - part(all[row])) <= most);
    }

    private TimeSeries One(SeriesPanel panel)
    {
        RequireOne([.. panel.Names], null);
        return panel[options.Series!];
    }

    private void RequireOne(string[] names, string? column)
    {
        if (options.Series is { } series && names.Contains(series))
        {
            return;
        }

        string[] different = [.. names.Distinct()];
        string list = string.Join(", ", different.Take(Shown)) + (different.Length > Shown ? ", …" : string.Empty);
        string where = column is null ? "one in each row" : $"one below the other, named by column '{column}'";
        throw table.Failure(options.Series is { } missing
            ? $"has no series '{missing}'. {Registration.Spelling.DidYouMean(missing, different)}It has {list}."
            : $"holds {different.Length} series, {where}: {list}. Read them all with SeriesPanel.FromCsv (or ToPanel), or one "
            + $"with Series = \"{different[0]}\".");
    }
}
