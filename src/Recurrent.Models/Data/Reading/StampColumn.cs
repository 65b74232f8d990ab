using System.Globalization;

namespace Recurrent.Data;

/// <summary>The dates of a column of texts: what one cell leaves open, another tells.</summary>
internal sealed class StampColumn
{
    private const int FewestEven = 4;
    private const string Write = "Write dates as 2024-01-31, or 2024-01-31 18:00:00 with a time";

    private readonly IReadOnlyList<string> cells;
    private readonly TableOptions options;
    private readonly Stamp[] stamps;

    private StampColumn(IReadOnlyList<string> cells, TableOptions options)
    {
        this.cells = cells;
        this.options = options;
        stamps = new Stamp[cells.Count];
    }

    /// <summary>The dates: instants, in UTC, where the cells say how far they are from it.</summary>
    internal DateTime[] Dates { get; private set; } = [];

    /// <summary>The dates as the clocks showed them.</summary>
    internal DateTime[] Walls { get; private set; } = [];

    /// <summary>The first row that is no date, and what is wrong with it, begun with its text; null where all are.</summary>
    internal (int Row, string Problem)? Problem { get; private set; }

    /// <summary>Reads the cells.</summary>
    internal static StampColumn Read(IReadOnlyList<string> cells, TableOptions options)
    {
        var column = new StampColumn(cells, options);
        if (options.DateFormat is { } format)
        {
            column.ReadAs(format);
        }
        else if (column.ReadDecimalYears() is { } years)
        {
            column.Dates = column.Walls = years;
        }
        else if (NamedPeriods.Seasons(cells) is { } seasons)
        {
            column.Dates = column.Walls = seasons;
        }
        else
        {
            column.ReadStamps();
        }

        return column;
    }

    private void ReadAs(string format)
    {
        bool numeric = NumericDates.IsFormat(format);
        bool instants = format.Contains('z', StringComparison.Ordinal) || format.Contains('K', StringComparison.Ordinal);
        const DateTimeStyles styles = DateTimeStyles.AllowWhiteSpaces;
        Dates = new DateTime[cells.Count];
        if (format.Trim().Equals("decimal year", StringComparison.OrdinalIgnoreCase) && Numbers() is { } counted
            && NumericDates.DecimalYears(counted) is { } years)
        {
            Dates = Walls = years;
            return;
        }

        for (int i = 0; i < cells.Count && Problem is null; i++)
        {
            DateTime? date = numeric
                ? NumberText.TryPlain(cells[i], out double number) ? NumericDates.Read(number, format) : null
                : instants
                ? DateTimeOffset.TryParseExact(cells[i], format, CultureInfo.InvariantCulture, styles, out DateTimeOffset instant)
                    ? instant.UtcDateTime : null
                : DateTime.TryParseExact(cells[i], format, CultureInfo.InvariantCulture, styles, out DateTime parsed) ? parsed
                : null;
            Dates[i] = date ?? default;
            Problem = date is null ? (i, $"'{cells[i]}' is not a date of the format '{format}'") : null;
        }

        Walls = Dates;
    }

    /// <summary>Years with their part, and seconds and their parts, are numbers alone; other numbers are texts too.</summary>
    private DateTime[]? ReadDecimalYears() => Numbers() is { Length: > 0 } numbers
        && (Array.Exists(numbers, number => number != Math.Truncate(number))
        || Array.TrueForAll(numbers, number => number >= 1e8))
            ? NumericDates.Read(numbers) : null;

    private double[]? Numbers()
    {
        var numbers = new double[cells.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!NumberText.TryPlain(cells[i], out numbers[i])
                && !NumberText.TryRead(cells[i], options.DecimalMark ?? '.', out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }

    private void ReadStamps()
    {
        for (int i = 0; i < stamps.Length; i++)
        {
            if (!StampText.TryRead(cells[i], out stamps[i]))
            {
                Problem = (i, $"'{cells[i]}' is not a date. {Write}");
                return;
            }

            if (stamps[i].Offset is null != stamps[0].Offset is null)
            {
                Problem = (i, $"'{cells[i]}' has {(stamps[i].Offset is null ? "no offset" : "an offset")} from UTC, unlike "
                    + $"'{cells[0]}' above: which comes first cannot be told. Write all dates with Z or an offset, or none");
                return;
            }
        }

        if (Order() is not { } order)
        {
            return;
        }

        Walls = InOrder(order)!;
        Dates = stamps.Length > 0 && stamps[0].Offset is not null ? Instants() : Walls;
    }

    private DateTime[] Instants()
    {
        var instants = new DateTime[stamps.Length];
        for (int i = 0; i < instants.Length; i++)
        {
            long ticks = Walls[i].Ticks - stamps[i].Offset!.Value.Ticks;
            if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            {
                Problem = (i, $"'{cells[i]}' is not a date. {Write}");
                return [];
            }

            instants[i] = new DateTime(ticks, DateTimeKind.Utc);
        }

        return instants;
    }

    /// <summary>The order that all cells allow; where several do, and mean different dates, the only one in which the dates are
    /// equally spaced; else a problem.</summary>
    private DateOrder? Order()
    {
        int open = Array.FindIndex(stamps, stamp => stamp.IsOpen);
        if (open < 0)
        {
            return DateOrder.Known;
        }

        bool isShort = Array.Exists(stamps, stamp => stamp.IsOpen && stamp.IsShort);
        DateOrder[] orders = options.DayFirst switch
        {
            true => [DateOrder.DayFirst],
            false => [DateOrder.MonthFirst],
            null when isShort => [DateOrder.DayFirst, DateOrder.MonthFirst, DateOrder.YearFirst],
            null => [DateOrder.DayFirst, DateOrder.MonthFirst],
        };
        DateOrder[] possible = [.. orders.Where(order => InOrder(order) is not null)];
        if (possible.Length == 0)
        {
            Problem = Contradiction(orders);
            return null;
        }

        DateTime[][] readings = [.. possible.Select(order => InOrder(order)!)];
        if (possible.Length == 1 || readings.All(reading => reading.AsSpan().SequenceEqual(readings[0])))
        {
            return possible[0];
        }

        DateOrder[] even = [.. possible.Where((_, i) => IsEven(readings[i]))];
        if (even.Length == 1)
        {
            return even[0];
        }

        int row = Enumerable.Range(0, stamps.Length).First(i => readings.Any(reading => reading[i] != readings[0][i]));
        Problem = (row, $"'{cells[row]}' could be "
            + string.Join(" or ",
            possible.Select((order, i) => $"{readings[i][row].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} "
                + $"({Words(order)})"))
            + ", and no other date of the column tells which. Say DayFirst = true or DayFirst = false, or DateFormat = "
            + $"\"{Format(possible[0], cells[row])}\" or \"{Format(possible[1], cells[row])}\"");
        return null;
    }

    private static string Words(DateOrder order) => order switch
    {
        DateOrder.DayFirst => "day first",
        DateOrder.MonthFirst => "month first",
        _ => "year first",
    };

    private static string Format(DateOrder order, string cell)
    {
        char mark = cell.Trim().FirstOrDefault(character => !char.IsAsciiDigit(character));
        int digits = cell.Trim().Split(mark, 3)[^1].TakeWhile(char.IsAsciiDigit).Count();
        string year = digits == 4 ? "yyyy" : "yy";
        return order switch
        {
            DateOrder.DayFirst => $"d{mark}M{mark}{year}",
            DateOrder.MonthFirst => $"M{mark}d{mark}{year}",
            _ => $"yy{mark}M{mark}d",
        };
    }

    /// <summary>Two rows that tell different orders, or one that is a date in none.</summary>
    private (int Row, string Problem) Contradiction(DateOrder[] orders)
    {
        int row = Array.FindIndex(stamps, stamp => orders.All(order => stamp.In(order, Century.Split) is null));
        if (row >= 0)
        {
            return (row, options.DayFirst is { } first
                ? $"'{cells[row]}' is not a date with the {(first ? "day" : "month")} first"
                : $"'{cells[row]}' is not a date. {Write}");
        }

        // The order that most rows allow is meant, and the first row that does not is what to look at.
        DateOrder usual = orders.MaxBy(order => stamps.Count(stamp => stamp.In(order, Century.Split) is not null));
        row = Array.FindIndex(stamps, stamp => stamp.In(usual, Century.Split) is null);
        int other = Array.FindIndex(stamps, stamp => stamp.In(usual, Century.Split) is not null
            && orders.Any(order => order != usual && stamp.In(order, Century.Split) is null));
        return (row, $"'{cells[row]}' is not a date with the {Words(usual).Split(' ')[0]} first, as "
            + $"'{cells[Math.Max(other, 0)]}' is. "
            + $"{Write}");
    }

    /// <summary>The dates in an order, and in the first reading of short years in which they rise; null where a cell is no date
    /// in it.</summary>
    private DateTime[]? InOrder(DateOrder order)
    {
        if (!Array.Exists(stamps, stamp => stamp.IsShort))
        {
            return In(order, Century.Split);
        }

        DateTime[][] readings =
        [
            .. new[] { Century.Split, Century.Last, Century.This }.Select(century => In(order, century)).OfType<DateTime[]>(),
        ];
        return Array.Find(readings, IsMonotone) ?? readings.FirstOrDefault();
    }

    private DateTime[]? In(DateOrder order, Century century)
    {
        var dates = new DateTime[stamps.Length];
        for (int i = 0; i < dates.Length; i++)
        {
            if (stamps[i].In(order, century) is not { } date)
            {
                return null;
            }

            dates[i] = date;
        }

        return dates;
    }

    private static bool IsMonotone(DateTime[] dates)
    {
        int rises = 0;
        int falls = 0;
        for (int i = 1; i < dates.Length; i++)
        {
            rises += dates[i] > dates[i - 1] ? 1 : 0;
            falls += dates[i] < dates[i - 1] ? 1 : 0;
        }

        return rises == 0 || falls == 0;
    }

    private static bool IsEven(DateTime[] reading)
    {
        DateTime[] dates = [.. reading.Distinct().Order()];
        return dates.Length >= FewestEven && FrequencyInference.Usual(dates) is { } usual
            && EvenDates.FirstProblem(dates, usual, DateGaps.Refuse) is null;
    }
}
