using System.Globalization;

namespace Recurrent.Data;

/// <summary>Reads times of day as people write them.</summary>
internal static class ClockText
{
    private const int MostFraction = 7;

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>
    /// Reads <c>18:00</c>, <c>18:00:05.25</c>, <c>6:00 PM</c>, <c>24:00</c>, <c>1800</c>, <c>180005</c>, <c>18</c>, with
    /// <c>Z</c>,
    /// <c>UTC</c> or an offset behind it.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="clock">The time of day, up to a whole day.</param>
    /// <param name="offset">What the clock is ahead of UTC; null where the text does not say.</param>
    internal static bool TryRead(string text, out TimeSpan clock, out TimeSpan? offset)
    {
        clock = default;
        offset = null;
        string body = text.Trim();
        if (!TakeZone(ref body, ref offset))
        {
            return false;
        }

        int half = Half(ref body);
        string[] parts = body.Split(':');
        if (parts.Length == 1)
        {
            string packed = parts[0];
            int mark = packed.IndexOfAny(['.', ',']);
            int digits = mark < 0 ? packed.Length : mark;
            parts = digits switch
            {
                1 or 2 => [packed],
                4 when mark < 0 => [packed[..2], packed[2..]],
                6 => [packed[..2], packed[2..4], packed[4..]],
                _ => [],
            };
        }

        if (parts.Length is 0 or > 3 || !Number(parts[0], 1, 2, out int hour)
            || (parts.Length > 1 && !Number(parts[1], 2, 2, out _)) || (parts.Length == 3 && !Seconds(parts[2], out _)))
        {
            return false;
        }

        int minute = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        long second = 0;
        _ = parts.Length == 3 && Seconds(parts[2], out second);
        if (half != 0 && hour is < 1 or > 12)
        {
            return false;
        }

        hour = half == 0 ? hour : (hour % 12) + (half == 2 ? 12 : 0);
        clock = new TimeSpan(hour, minute, 0) + new TimeSpan(second);
        return minute < 60 && second < TimeSpan.TicksPerMinute && clock <= TimeSpan.FromDays(1);
    }

    // Names of zones that mean one distance from UTC: those of RFC 822 and those of Europe. CST of China, IST or BST do not.
    private static readonly (string Name, int Hours)[] Zones =
    [
        ("Z", 0), ("UTC", 0), ("GMT", 0), ("UT", 0), ("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6),
        ("PST", -8), ("PDT", -7), ("WET", 0), ("WEST", 1), ("CET", 1), ("CEST", 2), ("MEZ", 1), ("MESZ", 2), ("EET", 2),
        ("EEST", 3),
    ];

    /// <summary>Takes the name of a zone or an offset from the end.</summary>
    private static bool TakeZone(ref string body, ref TimeSpan? offset)
    {
        string word = body[(body.AsSpan().LastIndexOfAnyExcept(Letters) + 1)..];
        foreach ((string name, int hours) in Zones)
        {
            if (word.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                offset = TimeSpan.FromHours(hours);
                body = body[..^name.Length].TrimEnd();
                return true;
            }
        }

        int sign = body.IndexOfAny(['+', '-', '−']);
        if (sign < 0)
        {
            return true;
        }

        offset = Offset(body[sign..]);
        body = body[..sign].TrimEnd();
        return offset is not null;
    }

    /// <summary>±hh, ±hhmm or ±hh:mm; null where it is none of these.</summary>
    private static TimeSpan? Offset(string zone)
    {
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

    /// <summary>Takes AM (1) or PM (2) from the end; 0 where there is neither.</summary>
    private static int Half(ref string body)
    {
        string plain = body.Replace(".", string.Empty, StringComparison.Ordinal);
        int half = plain.EndsWith("AM", StringComparison.OrdinalIgnoreCase) ? 1
            : plain.EndsWith("PM", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        if (half > 0)
        {
            body = body[..body.IndexOfAny(['a', 'A', 'p', 'P'])].TrimEnd();
        }

        return half;
    }

    private static bool Number(string text, int fewest, int most, out int value)
    {
        value = 0;
        return text.Length >= fewest && text.Length <= most
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Seconds with their fraction behind a point or a comma, cut to the digits that a date can hold: others write
    /// nanoseconds.</summary>
    private static bool Seconds(string text, out long ticks)
    {
        int mark = text.IndexOfAny(['.', ',']);
        ReadOnlySpan<char> fraction = mark < 0 ? [] : text.AsSpan(mark + 1);
        ticks = 0;
        if (!Number(mark < 0 ? text : text[..mark], 2, 2, out int whole) || (mark >= 0 && fraction.IsEmpty)
            || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        string kept = fraction[..Math.Min(MostFraction, fraction.Length)].ToString().PadRight(MostFraction, '0');
        ticks = (whole * TimeSpan.TicksPerSecond) + long.Parse(kept, CultureInfo.InvariantCulture);
        return true;
    }
}
