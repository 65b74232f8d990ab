using System.Globalization;

namespace Recurrent.Data;

/// <summary>Frequencies in words.</summary>
internal static class FrequencyNames
{
    private static readonly (string Name, Func<Frequency> Make)[] Names =
    [
        ("hourly", () => Frequency.Hourly), ("daily", () => Frequency.Daily), ("business daily", () => Frequency.BusinessDaily),
        ("weekly", () => Frequency.Weekly), ("monthly", () => Frequency.Monthly), ("month ends", () => Frequency.MonthEnds),
        ("quarterly", () => Frequency.Quarterly), ("quarter ends", () => Frequency.QuarterEnds),
        ("yearly", () => Frequency.Yearly), ("year ends", () => Frequency.YearEnds),
    ];

    /// <summary>The name.</summary>
    internal static string NameOf(Frequency frequency)
    {
        foreach ((string name, Func<Frequency> make) in Names)
        {
            if (make() == frequency)
            {
                return name;
            }
        }

        string distance = DistanceOf(frequency);
        return frequency.Day switch
        {
            0 or 1 => distance,
            Frequency.LastDay => $"{distance}, last day",
            _ => FormattableString.Invariant($"{distance}, day {frequency.Day}"),
        };
    }

    /// <summary>The length of a step.</summary>
    internal static string DistanceOf(Frequency frequency) => frequency switch
    {
        { IsBusinessDaily: true } => "1 business day",
        { Months: > 0 } when frequency.Months % 12 == 0 => Count(frequency.Months / 12, "year"),
        { Months: > 0 } => Count(frequency.Months, "month"),
        _ when frequency.Span.Ticks % TimeSpan.TicksPerDay == 0 => Count(frequency.Span.Ticks / TimeSpan.TicksPerDay, "day"),
        _ when frequency.Span.Ticks % TimeSpan.TicksPerHour == 0 => Count(frequency.Span.Ticks / TimeSpan.TicksPerHour, "hour"),
        _ when frequency.Span.Ticks % TimeSpan.TicksPerMinute == 0 =>
            Count(frequency.Span.Ticks / TimeSpan.TicksPerMinute, "minute"),
        _ when frequency.Span.Ticks % TimeSpan.TicksPerSecond == 0 =>
            Count(frequency.Span.Ticks / TimeSpan.TicksPerSecond, "second"),
        _ when frequency.Span.Ticks % TimeSpan.TicksPerMillisecond == 0
            => Count(frequency.Span.Ticks / TimeSpan.TicksPerMillisecond, "millisecond"),
        _ => FormattableString.Invariant($"{frequency.Span:c}"),
    };

    /// <summary>Reads a name; null where it is none.</summary>
    internal static Frequency? Read(string text)
    {
        string trimmed = text.Trim();
        string[] parts = trimmed.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length == 2 && ReadDay(parts[1]) is { } day && Read(parts[0]) is { Months: > 0 } months)
        {
            return Frequency.EveryMonths(months.Months, day);
        }

        string name = trimmed.Replace('-', ' ').Replace('_', ' ');
        foreach ((string known, Func<Frequency> make) in Names)
        {
            if (string.Equals(name, known, StringComparison.OrdinalIgnoreCase))
            {
                return make();
            }
        }

        if (trimmed.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(trimmed, "c", CultureInfo.InvariantCulture, out TimeSpan span))
        {
            return span > TimeSpan.Zero ? Frequency.Every(span) : null;
        }

        int digits = trimmed.TakeWhile(char.IsAsciiDigit).Count();
        string unit = trimmed[digits..].Trim();
        int count = 1;
        bool counted = digits == 0
            || (int.TryParse(trimmed[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0);
        return counted ? OfUnit(count, unit) : null;
    }

    private static int? ReadDay(string text) =>
        text.Equals("last day", StringComparison.OrdinalIgnoreCase) ? Frequency.LastDay
        : text.StartsWith("day ", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int day)
            && day is >= 1 and <= Frequency.LastDay ? day : null;

    // Pandas's M means the end of a month and min a minute, so that case counts for the letters, and for words it does not.
    private static Frequency? OfUnit(int count, string unit) => unit switch
    {
        "M" or "ME" => Months(count, 1, Frequency.LastDay),
        "MS" => Months(count, 1, 1),
        "Q" or "QE" => Months(count, 3, Frequency.LastDay),
        "QS" => Months(count, 3, 1),
        "Y" or "YE" or "A" => Months(count, 12, Frequency.LastDay),
        "YS" or "AS" => Months(count, 12, 1),
        "B" when count == 1 => Frequency.BusinessDaily,
        "W" => Spans(count, TimeSpan.TicksPerDay * 7),
        "D" => Spans(count, TimeSpan.TicksPerDay),
        "H" or "h" => Spans(count, TimeSpan.TicksPerHour),
        "T" or "min" => Spans(count, TimeSpan.TicksPerMinute),
        "S" or "s" => Spans(count, TimeSpan.TicksPerSecond),
        "L" or "ms" => Spans(count, TimeSpan.TicksPerMillisecond),
        _ => OfWord(count, unit.ToUpperInvariant()),
    };

    private static Frequency? OfWord(int count, string unit) => unit switch
    {
        "MONTH" or "MONTHS" => Months(count, 1, 1),
        "QUARTER" or "QUARTERS" => Months(count, 3, 1),
        "YEAR" or "YEARS" or "ANNUAL" => Months(count, 12, 1),
        "BUSINESS DAY" or "BUSINESS DAYS" when count == 1 => Frequency.BusinessDaily,
        "WEEK" or "WEEKS" => Spans(count, TimeSpan.TicksPerDay * 7),
        "DAY" or "DAYS" => Spans(count, TimeSpan.TicksPerDay),
        "HOUR" or "HOURS" => Spans(count, TimeSpan.TicksPerHour),
        "MINUTE" or "MINUTES" or "MINUTELY" => Spans(count, TimeSpan.TicksPerMinute),
        "SECOND" or "SECONDS" or "SECONDLY" => Spans(count, TimeSpan.TicksPerSecond),
        "MILLISECOND" or "MILLISECONDS" => Spans(count, TimeSpan.TicksPerMillisecond),
        _ => null,
    };

    private static Frequency? Months(int count, int each, int day) =>
        (long)count * each <= 10000 * 12 ? Frequency.EveryMonths(count * each, day) : null;

    private static Frequency? Spans(int count, long each) =>
        count <= DateTime.MaxValue.Ticks / each ? Frequency.Every(new TimeSpan(count * each)) : null;

    private static string Count(long number, string unit) =>
        FormattableString.Invariant($"{number} {unit}{(number == 1 ? string.Empty : "s")}");
}
