using System.Globalization;
using System.Text.RegularExpressions;

namespace Recurrent.Data;

/// <summary>Dates that only the name of their column or the other cells tell from something else: weeks of a year, seasons over
/// two years, years that are counted from one.</summary>
internal static partial class NamedPeriods
{
    private const int Hundred = 100;
    private const int MonthsOfYear = 12;
    private const int FewestCells = 3;
    private const int FirstLikelyYear = 1600;
    private const int LastLikelyYear = 2200;

    /// <summary>The dates of a column; null where it holds none of these.</summary>
    internal static DateTime[]? Read(SeriesTable table, int place)
    {
        TableColumn column = table.Columns[place];
        if (column.Dates is not null || column.Count == 0 || table.Options.DateFormat is not null)
        {
            return null;
        }

        string name = column.Name;
        if (!ColumnHints.IsWeek(name) && !ColumnHints.IsQuarter(name) && !ColumnHints.IsDate(name))
        {
            return null;
        }

        string[] cells = [.. Enumerable.Range(0, column.Count).Select(row => column.Text(row).Trim())];
        return ColumnHints.IsWeek(name) && All(cells, Week) is { } weeks ? weeks
            : ColumnHints.IsQuarter(name) && All(cells, Quarter) is { } quarters ? quarters
            : ColumnHints.IsDate(name) ? Counted(cells) : null;
    }

    /// <summary>The year that a season over two begins in: 1950/51, 1950-1951.</summary>
    internal static bool TrySeason(string cell, out int year)
    {
        Match match = SeasonForm().Match(cell.Trim());
        year = match.Success ? Int(match.Groups[1]) : 0;
        return match.Success && year is > 0 and < 9999 && (match.Groups[2].Length == 4 ? Int(match.Groups[2]) == year + 1
            : Int(match.Groups[2]) == (year + 1) % Hundred);
    }

    /// <summary>The first days of the years that seasons begin in, where all cells are such, and several; two digits of a second
    /// year could be a month by themselves.</summary>
    internal static DateTime[]? Seasons(IReadOnlyList<string> cells) => cells.Count < FewestCells ? null
        : All(cells, cell => TrySeason(cell, out int year) ? new DateTime(year, 1, 1) : null);

    /// <summary>2020-14, 202014, 2020-W2: the Mondays of ISO weeks.</summary>
    private static DateTime? Week(string cell)
    {
        Match match = WeekForm().Match(cell);
        return match.Success && Int(match.Groups[1]) is >= FirstLikelyYear and <= LastLikelyYear
            ? OfWeek(Int(match.Groups[1]), Int(match.Groups[2])) : null;
    }

    /// <summary>The Monday of an ISO week; null where the year has no such week.</summary>
    internal static DateTime? OfWeek(int year, int week) =>
        year is > 0 and < 9999 && week >= 1 && week <= ISOWeek.GetWeeksInYear(year)
            ? ISOWeek.ToDateTime(year, week, DayOfWeek.Monday) : null;

    /// <summary>2020.1 to 2020.4, 2020-1 to 2020-4.</summary>
    private static DateTime? Quarter(string cell)
    {
        Match match = QuarterForm().Match(cell);
        return match.Success && Int(match.Groups[1]) is > 0 and int year
            ? new DateTime(year, (3 * Int(match.Groups[2])) - 2, 1) : null;
    }

    /// <summary>1-01 to 3-12: months of the first, second and third year, one after the other; those of one year alone may be
    /// days of a month.</summary>
    private static DateTime[]? Counted(string[] cells)
    {
        DateTime[]? months = cells.Length < FewestCells ? null : All(cells, cell =>
        {
            Match match = CountedForm().Match(cell);
            return match.Success && Int(match.Groups[2]) is >= 1 and <= MonthsOfYear and int month
                ? new DateTime(Int(match.Groups[1]), month, 1) : null;
        });
        return months is not null && months[0].Year != months[^1].Year
            && months.Zip(months.Skip(1)).All(pair => pair.First.AddMonths(1) == pair.Second) ? months : null;
    }

    private static DateTime[]? All(IReadOnlyList<string> cells, Func<string, DateTime?> read)
    {
        var dates = new DateTime[cells.Count];
        for (int row = 0; row < dates.Length; row++)
        {
            if (read(cells[row]) is not { } date)
            {
                return null;
            }

            dates[row] = date;
        }

        return dates;
    }

    private static int Int(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{4})\s?[-/–]\s?(\d{4}|\d{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex SeasonForm();

    [GeneratedRegex(@"^(\d{4})[-_/. ]?(?:W|w|KW|kw)?[-_ ]?(\d{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex WeekForm();

    [GeneratedRegex(@"^(\d{4})[-_/. :]0?([1-4])$", RegexOptions.CultureInvariant)]
    private static partial Regex QuarterForm();

    [GeneratedRegex(@"^([1-9]\d?)-(\d{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex CountedForm();
}
