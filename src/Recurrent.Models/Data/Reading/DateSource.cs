using System.Globalization;

namespace Recurrent.Data;

/// <summary>Where a table has its dates: in one column, or in several that hold their parts.</summary>
internal sealed class DateSource
{
    private const double FirstLikelyYear = 1600;
    private const double LastLikelyYear = 2200;

    private DateSource(int[] columns, DateTime[] dates)
    {
        Columns = columns;
        Dates = dates;
    }

    /// <summary>The columns that dates are read from, the first of which messages name.</summary>
    internal int[] Columns { get; }

    /// <summary>The date of each row.</summary>
    internal DateTime[] Dates { get; }

    /// <summary>Finds the dates of a table; null where it has none.</summary>
    internal static DateSource? Find(SeriesTable table)
    {
        if (table.Options.DateColumn is { } given)
        {
            if (given.Length == 0)
            {
                return null;
            }

            int place = table.IndexOf(given);
            return WithClock(table, new([place], table.ReadDates(place)));
        }

        int[] written = [.. Places(table, ColumnKind.Dates)
            .OrderBy(place => ColumnHints.IsDate(table.Columns[place].Name) ? 0 : 1)];
        bool areWritten = Array.Exists(written, place => table.TryDates(place) is not null);
        int named = Enumerable.Range(0, table.Columns.Count).FirstOrDefault(place =>
            !(areWritten && table.KindOf(place) == ColumnKind.Numbers) && NamedPeriods.Read(table, place) is not null, -1);
        if (named >= 0)
        {
            return new([named], table.ReadDates(named));
        }

        if (written.Length > 0)
        {
            int best = written.FirstOrDefault(place => table.TryDates(place) is not null, written[0]);
            return WithClock(table, new([best], table.ReadDates(best)));
        }

        DateSource? found = OfParts(table) ?? (OfNumbers(table) is { } numbers ? WithClock(table, numbers) : null);
        return found is null && Unread(table) is (int unread, int row) ? throw table.Failure(row, unread,
            $"'{table.Columns[unread].Text(row)}' is not a date that can be read, and no other column holds dates. Say "
            + "DateFormat = …, how it is written; or DateColumn = \"\", to take the values in the order of the rows, without "
            + "dates") : found;
    }

    /// <summary>A column that is called like dates, and whose cells look like them: its dates are not lost without a
    /// word.</summary>
    private static (int Place, int Row)? Unread(SeriesTable table)
    {
        foreach (int place in Places(table, ColumnKind.Texts).Where(place => ColumnHints.IsDate(table.Columns[place].Name)))
        {
            int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(row => !table.IsMissing(place, row))];
            int[] dated = [.. rows.Where(row => LooksLikeDate(table.Columns[place].Text(row)))];
            if (dated.Length > 1 && 2 * dated.Length > rows.Length
                && dated.Select(row => table.Columns[place].Text(row)).Distinct().Skip(2).Any())
            {
                return (place, dated[0]);
            }
        }

        return null;
    }

    /// <summary>Several digits; or some, and the name of a month.</summary>
    private static bool LooksLikeDate(string cell)
    {
        const int fewest = 3;
        int digits = cell.Count(char.IsAsciiDigit);
        return digits >= fewest || (digits > 0
            && cell.Split(['-', ' ', '/', '.', '\'', ',']).Any(part => MonthNames.Of(part) > 0));
    }

    private static IEnumerable<int> Places(SeriesTable table, ColumnKind kind) =>
        Enumerable.Range(0, table.Columns.Count).Where(place => table.KindOf(place) == kind);

    /// <summary>Dates that come several times with the times of day in another column.</summary>
    private static DateSource WithClock(SeriesTable table, DateSource source)
    {
        if (source.Dates.Any(date => date.TimeOfDay != default) || source.Dates.Distinct().Count() == source.Dates.Length)
        {
            return source;
        }

        foreach (int place in Enumerable.Range(0, table.Columns.Count).Except(source.Columns))
        {
            TimeSpan[]? clocks = table.KindOf(place) == ColumnKind.Clocks ? table.ReadClocks(place)
                : ColumnHints.Is(table.Columns[place].Name, ColumnHints.DateParts[3]) && Part(table, place, 0, 24) is { } hours
                ? [.. hours.Select(hour => TimeSpan.FromHours(hour))]
                : ColumnHints.IsClock(table.Columns[place].Name) && Part(table, place, 0, 2400) is { } packed
                && packed.All(clock => clock % 100 < 60)
                ? [.. packed.Select(clock => new TimeSpan(clock / 100, clock % 100, 0))] : null;
            if (clocks is not null)
            {
                return new([.. source.Columns, place], [.. source.Dates.Zip(clocks, (date, clock) => date + clock)]);
            }
        }

        return source;
    }

    /// <summary>Year, month, day, hour and minute; or year and quarter, week or day of the year; as far as there are
    /// columns.</summary>
    private static DateSource? OfParts(SeriesTable table)
    {
        int[] places = [.. ColumnHints.DateParts.Select(names => PlaceOf(table, names)).TakeWhile(place => place >= 0)];
        if (places.Length == 0 || Part(table, places[0], 1, 9998) is not { } years)
        {
            return null;
        }

        if (places.Length == 1 || Part(table, places[1], 1, 12) is null || (places.Length == 2 && AreQuarters(table, places[1])))
        {
            return OfYearAnd(table, places[0], years, ColumnHints.Quarters, 4,
                    (year, quarter) => new DateTime(year, (3 * quarter) - 2, 1))
                ?? OfYearAnd(table, places[0], years, ColumnHints.Weeks, 53, NamedPeriods.OfWeek)
                ?? OfYearAnd(table, places[0], years, ColumnHints.DaysOfYear, 366, (year, day) =>
                    day > (DateTime.IsLeapYear(year) ? 366 : 365) ? null : new DateTime(year, 1, 1).AddDays(day - 1));
        }

        (int Least, int Most)[] ranges = [(1, 12), (1, 31), (0, 24), (0, 59)];
        var parts = new List<int[]> { years };
        foreach (int place in places.Skip(1))
        {
            (int least, int most) = ranges[parts.Count - 1];
            if (Part(table, place, least, most) is not { } part)
            {
                break;
            }

            parts.Add(part);
        }

        if (parts.Count < 2)
        {
            return null;
        }

        if (parts.Count == 2 && places.Length == 2 && DayAmong(table, places, parts) is (int dayPlace, int[] days))
        {
            places = [.. places, dayPlace];
            parts.Add(days);
        }

        var dates = new DateTime[table.RowCount];
        for (int row = 0; row < dates.Length; row++)
        {
            int day = parts.Count > 2 ? parts[2][row] : 1;
            if (day > DateTime.DaysInMonth(parts[0][row], parts[1][row]))
            {
                throw table.Failure(row, places[2], $"the month {parts[0][row]}-{parts[1][row]:00} has no day {day}");
            }

            dates[row] = new DateTime(parts[0][row], parts[1][row], day)
                .AddMinutes(((parts.Count > 3 ? parts[3][row] : 0) * 60) + (parts.Count > 4 ? parts[4][row] : 0));
        }

        return new(places[..parts.Count], dates);
    }

    /// <summary>The column of days, whatever its name, of months that come in several rows: whole numbers up to the ends of
    /// the months, with which each row is later than the one above it.</summary>
    private static (int Place, int[] Days)? DayAmong(SeriesTable table, int[] places, List<int[]> parts)
    {
        if (parts[0].Zip(parts[1]).Distinct().Count() == table.RowCount)
        {
            return null;
        }

        foreach (int place in Enumerable.Range(0, table.Columns.Count).Except(places))
        {
            if (table.KindOf(place) == ColumnKind.Numbers && Part(table, place, 1, 31) is { } days && Rise(parts, days))
            {
                return (place, days);
            }
        }

        return null;
    }

    private static bool Rise(List<int[]> parts, int[] days)
    {
        DateTime before = DateTime.MinValue;
        for (int row = 0; row < days.Length; row++)
        {
            if (days[row] > DateTime.DaysInMonth(parts[0][row], parts[1][row]))
            {
                return false;
            }

            var date = new DateTime(parts[0][row], parts[1][row], days[row]);
            if (row > 0 && date <= before)
            {
                return false;
            }

            before = date;
        }

        return true;
    }

    private static DateSource? OfYearAnd(
        SeriesTable table, int year, int[] years, string[] names, int most, Func<int, int, DateTime?> date)
    {
        int place = PlaceOf(table, names);
        if (place < 0 || Part(table, place, 1, most) is not { } parts)
        {
            return null;
        }

        var dates = new DateTime[years.Length];
        for (int row = 0; row < dates.Length; row++)
        {
            dates[row] = date(years[row], parts[row]) ?? throw table.Failure(row, place,
                $"the year {years[row]} has no {table.Columns[place].Name} {parts[row]}");
        }

        return new([year, place], dates);
    }

    /// <summary>Whether periods are quarters: the largest is the fourth.</summary>
    private static bool AreQuarters(SeriesTable table, int place) =>
        ColumnHints.Is(table.Columns[place].Name, [ColumnHints.Period]) && Part(table, place, 1, 4)?.Max() == 4;

    /// <summary>The column of the first of the names that there is; -1 for none.</summary>
    private static int PlaceOf(SeriesTable table, string[] names) => names
        .SelectMany(name => Enumerable.Range(0, table.Columns.Count)
            .Where(place => ColumnHints.Is(table.Columns[place].Name, [name]))).FirstOrDefault(-1);

    /// <summary>Whole numbers in a range, or names of months; null where a cell is neither.</summary>
    private static int[]? Part(SeriesTable table, int place, int least, int most)
    {
        var values = new int[table.RowCount];
        for (int row = 0; row < values.Length; row++)
        {
            string cell = table.Columns[place].Text(row).Trim();
            if (NumberText.TryPlain(cell, out double number) && number == Math.Truncate(number) && number >= least
                && number <= most)
            {
                values[row] = (int)number;
            }
            else if (most == 12 && MonthNames.Of(cell.TrimEnd('.')) is > 0 and int month)
            {
                values[row] = month;
            }
            else if (cell is [var letter, _, ..] && char.ToUpperInvariant(letter) is var sign && sign == LetterOf(most)
                && int.TryParse(cell.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int lettered)
                && lettered >= least && lettered <= most)
            {
                values[row] = lettered;
            }
            else
            {
                return null;
            }
        }

        return values;
    }

    /// <summary>What stands before the number of a part: Q1, M01, W05.</summary>
    private static char LetterOf(int most) => most switch
    {
        4 => 'Q',
        12 => 'M',
        53 => 'W',
        _ => '\0',
    };

    /// <summary>Numbers that are dates by their size, and by their name or their place: first, and rising evenly.</summary>
    private static DateSource? OfNumbers(SeriesTable table)
    {
        int[] numbers = [.. Places(table, ColumnKind.Numbers)];
        foreach (int place in numbers.OrderBy(place => ColumnHints.IsDate(table.Columns[place].Name) ? 0 : 1))
        {
            bool hinted = ColumnHints.IsDate(table.Columns[place].Name);
            if (numbers.Length < 2 || table.TryNumbers(place) is not { } values
                || (NumericDates.Read(values) ?? (ColumnHints.IsDay(table.Columns[place].Name)
                    ? NumericDates.OfSpreadsheet(values) : null)) is not { } dates
                || (!hinted && place != numbers[0] && Array.TrueForAll(values, value => value == Math.Truncate(value))))
            {
                continue;
            }

            bool likely = dates.Length > 1 && Array.TrueForAll(values, value => value >= FirstLikelyYear)
                && (values[0] >= 1e7 || Array.TrueForAll(values, value => value < LastLikelyYear))
                && FrequencyInference.Usual(dates) is { } usual
                && EvenDates.FirstProblem(dates, usual, DateGaps.Refuse) is null;
            if (hinted || likely)
            {
                return new([place], dates);
            }
        }

        return null;
    }
}
