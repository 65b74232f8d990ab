namespace Recurrent.Data;

/// <summary>Dates that are written as one number: years with their part, days, seconds.</summary>
internal static class NumericDates
{
    private const double FirstYear = 1000;
    private const double LastYear = 3000;
    private const int MonthsOfYear = 12;

    // A part of a year is given to three digits by some.
    private const double Slack = 0.012;

    private static readonly DateTime Epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime ExcelEpoch = new(1899, 12, 30);

    /// <summary>Dates of numbers as their size tells what they count; null where it does not.</summary>
    internal static DateTime[]? Read(IReadOnlyList<double> numbers) => numbers switch
    {
        _ when numbers.Any(number => !(number >= FirstYear)) => null,
        _ when numbers.All(number => number < LastYear) => DecimalYears(numbers),
        _ when numbers.Any(number => number != Math.Truncate(number) && number < 1e8) => null,
        _ when numbers.All(number => number is >= 1e5 and < 3e5) => All(numbers, number => Calendar((int)number, 1)),
        _ when numbers.All(number => number is >= 1e7 and < 3e7) =>
            All(numbers, number => Calendar((int)number / 100, (int)number % 100)),
        _ when numbers.All(number => number is >= 1.9e9 and < 2.2e9) && All(numbers, number => Packed(number * 100))
            is { } hours => hours,
        _ when numbers.All(number => number is >= 1.9e11 and < 2.2e11) && All(numbers, Packed) is { } minutes => minutes,
        _ when numbers.All(number => number is >= 1.9e13 and < 2.2e13) && All(numbers, PackedSeconds) is { } seconds => seconds,
        _ when numbers.All(number => number is >= 1e8 and < 1e10) =>
            All(numbers, number => Since(number, TimeSpan.TicksPerSecond)),
        _ when numbers.All(number => number is >= 1e11 and < 1e13) =>
            All(numbers, number => Since(number, TimeSpan.TicksPerMillisecond)),
        _ when numbers.All(number => number is >= 1e14 and < 1e16) =>
            All(numbers, number => Since(number, TimeSpan.TicksPerMicrosecond)),
        _ when numbers.All(number => number is >= 1e17 and < 1e19) => All(numbers, number => Since(number / 100, 1)),
        _ => null,
    };

    /// <summary>The date of a number that counts what a format says; null where there is none.</summary>
    internal static DateTime? Read(double number, string format) => format.Trim().ToUpperInvariant() switch
    {
        "UNIX" => Since(number, TimeSpan.TicksPerSecond),
        "UNIX MS" => Since(number, TimeSpan.TicksPerMillisecond),
        "EXCEL" => number is >= 1 and < 2_900_000 ? ExcelEpoch.AddSeconds(Math.Round(number * 86400)) : null,
        _ => null,
    };

    /// <summary>Whether a format is one of these.</summary>
    internal static bool IsFormat(string format) =>
        format.Trim().ToUpperInvariant() is "UNIX" or "UNIX MS" or "EXCEL" or "DECIMAL YEAR";

    /// <summary>
    /// Years with their part, as 1949.083: firsts of months, of quarters or of years where the numbers are that far apart, else
    /// the nearest hour. A month may be given by its first or by its middle (1749.042).
    /// </summary>
    internal static DateTime[]? DecimalYears(IReadOnlyList<double> years)
    {
        if (years.Any(year => !(year is >= 1 and < 9999)))
        {
            return null;
        }

        if (YearsWithMonths(years) is { } months)
        {
            return months;
        }

        double[] steps = [.. years.Distinct().Order()];
        double least = steps.Length < 2 ? 1 : steps.Skip(1).Select((year, i) => year - steps[i]).Min();
        int parts = new[] { 1, 2, 4, MonthsOfYear }.FirstOrDefault(count => Math.Abs((least * count) - 1) < Slack * count);
        return parts == 0 ? All(years, Nearest) : All(years, year =>
        {
            int part = (int)Math.Floor((year * parts) + (Slack * parts / 2));
            return new DateTime(part / parts, (part % parts * (MonthsOfYear / parts)) + 1, 1);
        });
    }

    /// <summary>1871.01 to 1871.12, of which 1871.1 is October: months one after the other in place of parts of a year.</summary>
    private static DateTime[]? YearsWithMonths(IReadOnlyList<double> years)
    {
        const int fewest = 3;
        const double slack = 1e-6;
        DateTime[]? months = years.Count < fewest ? null : All(years, year =>
        {
            double hundredfold = Math.Round(year * 100);
            return Math.Abs((year * 100) - hundredfold) < slack && hundredfold % 100 is >= 1 and <= MonthsOfYear
                ? new DateTime((int)(hundredfold / 100), (int)(hundredfold % 100), 1) : null;
        });
        return months is not null && months.Zip(months.Skip(1)).All(pair => pair.First.AddMonths(1) == pair.Second)
            ? months : null;
    }

    private static DateTime? Nearest(double year)
    {
        var start = new DateTime((int)year, 1, 1);
        double days = (year - start.Year) * (DateTime.IsLeapYear(start.Year) ? 366 : 365);
        double hours = Math.Round(days * 24);
        return start.AddDays(Math.Abs((days * 24) - (Math.Round(days) * 24)) < 3 ? Math.Round(days) : hours / 24);
    }

    private static DateTime? Calendar(int months, int day)
    {
        (int year, int month) = (months / 100, months % 100);
        return year >= FirstYear && year < LastYear && month is >= 1 and <= MonthsOfYear && day >= 1
            && day <= DateTime.DaysInMonth(year, month) ? new DateTime(year, month, day) : null;
    }

    /// <summary>Year, month, day, hour and minute in one number.</summary>
    private static DateTime? Packed(double number)
    {
        var clock = new TimeSpan((int)(number % 10000) / 100, (int)(number % 100), 0);
        return number == Math.Truncate(number) && number % 100 < 60 && clock < TimeSpan.FromDays(1)
            && Calendar((int)(number / 1e6), (int)(number / 1e4) % 100) is { } day ? day + clock : null;
    }

    private static DateTime? PackedSeconds(double number) => number % 100 < 60 && Packed(Math.Floor(number / 100)) is { } minute
        ? minute.AddSeconds(number % 100) : null;

    /// <summary>Days as spreadsheets count them, from 1970 to 2100; null where a number is none.</summary>
    internal static DateTime[]? OfSpreadsheet(IReadOnlyList<double> numbers)
    {
        const double first = 25569;
        const double last = 73051;
        return numbers.Count > 0 && numbers.All(number => number is >= first and < last)
            ? All(numbers, number => Read(number, "excel")) : null;
    }

    private static DateTime? Since(double count, long unit)
    {
        double ticks = Math.Round(count * unit);
        return double.IsFinite(ticks) && ticks > -Epoch.Ticks && ticks < DateTime.MaxValue.Ticks - Epoch.Ticks
            ? Epoch.AddTicks((long)ticks) : null;
    }

    private static DateTime[]? All(IReadOnlyList<double> numbers, Func<double, DateTime?> read)
    {
        DateTime?[] dates = [.. numbers.Select(read)];
        return Array.TrueForAll(dates, date => date is not null) ? [.. dates.Select(date => date!.Value)] : null;
    }
}
