using System.Globalization;

namespace Recurrent.Data;

/// <summary>Reads dates as ISO 8601 writes them; anything else would have to be guessed.</summary>
internal static class DateText
{
    private const int MostFraction = 7;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyyMMdd", "yyyy-MM", "yyyy",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyyMMdd'T'HHmmss.FFFFFFF", "yyyyMMdd'T'HHmm",
    ];

    /// <summary>Reads a date.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The date; of one with <c>Z</c> or an offset, the instant in UTC.</param>
    internal static bool TryRead(string text, out DateTime value)
    {
        value = default;
        string body = text.Trim();
        int time = body.IndexOfAny(['T', 't', ' ']);
        TimeSpan? offset = null;
        if (time > 0)
        {
            string clock = body[(time + 1)..];
            int zone = clock.IndexOfAny(['Z', 'z', '+', '-', '−']);
            if (zone >= 0)
            {
                offset = Offset(clock[zone..]);
                if (offset is null)
                {
                    return false;
                }

                clock = clock[..zone].TrimEnd();
            }

            body = $"{body[..time]}T{Fraction(clock)}";
        }

        if (Period(body) is { } start)
        {
            value = start;
            return true;
        }

        if (!DateTime.TryParseExact(body, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out value))
        {
            return false;
        }

        if (offset is { } east)
        {
            long ticks = value.Ticks - east.Ticks;
            if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            {
                return false;
            }

            value = new DateTime(ticks, DateTimeKind.Utc);
        }

        return true;
    }

    /// <summary>The first day of a quarter, 2024-Q1, or the Monday of an ISO week, 2024-W05; null where it is neither.</summary>
    private static DateTime? Period(string text)
    {
        string packed = text.Replace("-", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        if (packed.Length is < 6 or > 7 || packed[4] is not ('Q' or 'W')
            || (text.Length > packed.Length && (text[4] != '-' || text.Length - packed.Length > 1))
            || !int.TryParse(packed[..4], NumberStyles.None, CultureInfo.InvariantCulture, out int year) || year < 1
            || !int.TryParse(packed[5..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            return null;
        }

        return packed[4] == 'Q'
            ? number <= 4 && packed.Length == 6 ? new DateTime(year, (3 * number) - 2, 1) : null
            : year < 9999 && packed.Length == 7 && number <= ISOWeek.GetWeeksInYear(year)
            ? ISOWeek.ToDateTime(year, number, DayOfWeek.Monday) : null;
    }

    /// <summary>Z is 0; else ±hh, ±hhmm or ±hh:mm; null where it is none of these.</summary>
    private static TimeSpan? Offset(string zone)
    {
        if (zone is "Z" or "z")
        {
            return TimeSpan.Zero;
        }

        string digits = zone[1..].Replace(":", string.Empty, StringComparison.Ordinal);
        bool shaped = zone.Length is 3 or 5 or 6 && digits.Length is 2 or 4 && (zone.Length < 6 || zone[3] == ':')
            && digits.All(char.IsAsciiDigit);
        if (!shaped)
        {
            return null;
        }

        int hours = int.Parse(digits[..2], CultureInfo.InvariantCulture);
        int minutes = digits.Length == 4 ? int.Parse(digits[2..], CultureInfo.InvariantCulture) : 0;
        var span = new TimeSpan(hours, minutes, 0);
        return hours > 23 || minutes > 59 ? null : zone[0] == '+' ? span : -span;
    }

    /// <summary>A time with its fraction behind a point, cut to the digits that a date can hold: others write
    /// nanoseconds.</summary>
    private static string Fraction(string clock)
    {
        int mark = clock.IndexOfAny(['.', ',']);
        if (mark < 0 || mark == clock.Length - 1 || clock.AsSpan(mark + 1).ContainsAnyExceptInRange('0', '9'))
        {
            return clock;
        }

        return $"{clock[..mark]}.{clock.AsSpan(mark + 1, Math.Min(MostFraction, clock.Length - mark - 1))}";
    }
}
