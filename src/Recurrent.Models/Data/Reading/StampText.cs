using System.Globalization;

namespace Recurrent.Data;

/// <summary>
/// Reads what a cell says of a date: ISO 8601, numbers with year, month and day in any order, months by name, quarters, halves
/// and weeks, with or without a time of day.
/// </summary>
internal static class StampText
{
    private const int LongestText = 64;
    private const int MostParts = 6;

    private readonly record struct Part(string Text, bool IsNumber, string Before)
    {
        internal int Value => int.Parse(Text, CultureInfo.InvariantCulture);

        internal bool IsYear => IsNumber && Text.Length == 4;

        internal bool IsShort => IsNumber && Text.Length <= 2;
    }

    /// <summary>Reads a cell.</summary>
    internal static bool TryRead(string text, out Stamp stamp)
    {
        string body = Plain(text.Trim());
        return TryReadOne(body, out stamp) || TryReadSpan(body, out stamp);
    }

    /// <summary>A date with years, months and days named by signs (2020年1月5日), with the name of a zone behind its offset, or
    /// with its year behind the time (Thu Jan 01 18:00:00 2015), in the usual order.</summary>
    private static string Plain(string body)
    {
        if (body.Length is 0 or > LongestText)
        {
            return body;
        }

        if (body.AsSpan().ContainsAny('年', '년'))
        {
            body = body.Replace('年', '-').Replace('년', '-').Replace('月', '-').Replace('월', '-').Replace('日', ' ')
                .Replace('일', ' ').Replace("- ", "-", StringComparison.Ordinal).Trim().TrimEnd('-');
        }

        int bracket = body[^1] == ']' ? body.LastIndexOf('[') : -1;
        body = bracket > 0 ? body[..bracket].TrimEnd() : body;
        const int year = 5;
        int colon = body.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && body.Length > colon + year && body[^year] == ' ' && char.IsAsciiLetter(body[0])
            && !body.AsSpan(body.Length - year + 1).ContainsAnyExceptInRange('0', '9')
            ? AsUsual(body[..^year].TrimEnd(), body[^(year - 1)..], colon) : body;
    }

    private static string AsUsual(string body, string year, int colon)
    {
        int start = body.LastIndexOf(' ', colon);
        return start > 0 ? $"{body[..start]} {year}{body[start..]}" : body;
    }

    /// <summary>The start of a span of two dates: 2020-01-06/2020-01-12, or 1.1.2020 00:00 - 1.1.2020 01:00.</summary>
    private static bool TryReadSpan(string body, out Stamp stamp)
    {
        stamp = default;
        int dash = body.IndexOf(" - ", StringComparison.Ordinal);
        int slash = body.Length % 2 == 1 && body.Length > 1 && body[body.Length / 2] == '/' ? body.Length / 2 : -1;
        return dash > 0 ? TryReadOne(body[(dash + 3)..].Trim(), out _) && TryReadOne(body[..dash].Trim(), out stamp)
            : slash > 0 && TryReadOne(body[(slash + 1)..], out _) && TryReadOne(body[..slash], out stamp);
    }

    private static bool TryReadOne(string body, out Stamp stamp)
    {
        stamp = default;
        TimeSpan clock = default;
        TimeSpan? offset = null;
        if (body.Length is 0 or > LongestText || !body.AsSpan().ContainsAnyInRange('0', '9'))
        {
            return false;
        }

        (string date, string? time) = Cut(body);
        if ((time is not null && !ClockText.TryRead(time, out clock, out offset)) || Parts(date) is not { } parts)
        {
            return false;
        }

        if (Read(parts, time is null) is not { } found)
        {
            return false;
        }

        stamp = found with { Clock = time is null ? found.Clock : clock, Offset = offset };
        return found.IsOpen || stamp.In(DateOrder.Known, Century.Split) is not null;
    }

    /// <summary>Cuts a text into a date and a time of day, where it has one.</summary>
    private static (string Date, string? Time) Cut(string body)
    {
        int colon = body.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && body.Length > colon + 1 && !body.AsSpan(colon + 1).Contains(':') && HasYearBefore(body, colon))
        {
            return (body, null);
        }

        if (colon >= 0)
        {
            if (HasYearBefore(body, colon))
            {
                return (body[..colon], body[(colon + 1)..]);
            }

            int start = colon;
            while (start > 0 && colon - start < 2 && char.IsAsciiDigit(body[start - 1]))
            {
                start--;
            }

            // Only a whole date stands before a dash and a time: in 2015-01-15:18:00 the dash is one of the date.
            if (start > 1 && body[start - 1] == '-' && !IsWholeDate(body[..(start - 1)]))
            {
                return IsWholeDate(body[..colon]) ? (body[..colon], body[(colon + 1)..]) : (body, null);
            }

            return start > 1 && body[start - 1] is ' ' or 'T' or 't' or '_' or ',' or '-' or '\u00A0' or '\u202F'
                ? (body[..(start - 1)], body[start..])
                : start > 1 && body[start - 1] == ':' ? (body[..(start - 1)], body[start..]) : (body, null);
        }

        int letter = body.IndexOfAny(['T', 't']);
        if (letter > 0 && letter < body.Length - 1 && char.IsAsciiDigit(body[letter - 1]) && char.IsAsciiDigit(body[letter + 1]))
        {
            return (body[..letter], body[(letter + 1)..]);
        }

        // 1/31/2024 5 PM
        bool half = body.EndsWith("AM", StringComparison.OrdinalIgnoreCase)
            || body.EndsWith("PM", StringComparison.OrdinalIgnoreCase);
        int space = half ? body[..^2].TrimEnd().LastIndexOf(' ') : -1;
        return space > 0 ? (body[..space], body[(space + 1)..]) : (body, null);
    }

    /// <summary>Whether a text has a year, a month and a day.</summary>
    private static bool IsWholeDate(string text) => Parts(text) is { } parts
        && (parts.Count > 2 || parts is [{ IsNumber: true, Text.Length: 8 }]) && Read(parts, false) is not null;

    /// <summary>Whether a year stands before a colon: 1990:01, 1990:Q1, 01/Jan/2015:18:00:00.</summary>
    private static bool HasYearBefore(string body, int colon)
    {
        const int digits = 4;
        return colon >= digits && !body.AsSpan(colon - digits, digits).ContainsAnyExceptInRange('0', '9')
            && (colon == digits || body[colon - digits - 1] is '/' or '-' or ' ' or '.');
    }

    /// <summary>Numbers and words with what stands before each; null where there is anything else.</summary>
    private static List<Part>? Parts(string text)
    {
        var parts = new List<Part>();
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && text[at] is '-' or '/' or '.' or ',' or ' ' or '_' or '\u00A0' or '\'' or ':' or '’')
            {
                at++;
            }

            string before = text[start..at].Trim();
            start = at;
            bool number = at < text.Length && char.IsAsciiDigit(text[at]);
            while (at < text.Length && (number ? char.IsAsciiDigit(text[at]) : char.IsLetter(text[at])))
            {
                at++;
            }

            if (at == start)
            {
                return at == text.Length && before is "" or "." ? parts : null;
            }

            string word = text[start..at];
            bool ending = !number && parts.Count > 0 && before.Length == 0 && word.ToUpperInvariant()
                is "ST" or "ND" or "RD" or "TH";
            if (!ending && (parts.Count > 0 || number || !MonthNames.IsDay(word)))
            {
                parts.Add(new(word, number, parts.Count == 0 ? string.Empty : before));
            }

            if (parts.Count > MostParts)
            {
                return null;
            }
        }

        return parts;
    }

    private static Stamp? Read(List<Part> parts, bool mayHoldTime) => parts switch
    {
        [{ IsNumber: true } one] => Packed(one.Text, mayHoldTime),
        [{ Text: "FY" or "fy" }, { IsYear: true } year] => Known(year.Value, 1, 1),
        [{ IsNumber: true } a, { IsNumber: true } b] => Two(a, b),
        [{ IsNumber: true } a, { IsNumber: true } b, { IsNumber: true } c] => Three(a, b, c),
        [{ IsNumber: true } a, { IsNumber: false } word, { IsNumber: true } b, { IsNumber: true } day]
            when a.IsYear && day.Text.Length == 1 && word.Text is "W" or "w" => Week(a, b, day.Value),
        _ when parts.Count(part => !part.IsNumber) == 1 => parts.Find(part => !part.IsNumber) is { Text.Length: 1 } letter
            ? Period(parts, char.ToUpperInvariant(letter.Text[0])) : Named(parts),
        _ => null,
    };

    private static Stamp Known(int year, int month, int day, bool isShort = false) =>
        new(year, month, day, false, isShort, default, null);

    private static Stamp? Packed(string digits, bool mayHoldTime)
    {
        if (digits.Length is 12 or 14 && mayHoldTime && ClockText.TryRead(digits[8..], out TimeSpan clock, out _))
        {
            return Packed(digits[..8], false) is { } day ? day with { Clock = clock } : null;
        }

        return digits.Length switch
        {
            4 => Known(Int(digits), 1, 1),
            6 => Known(Int(digits[..4]), Int(digits[4..]), 1),
            8 => Known(Int(digits[..4]), Int(digits[4..6]), Int(digits[6..])),
            _ => null,
        };
    }

    private static Stamp? Two(Part a, Part b) => b.Before.Length > 1 ? null
        : a.IsYear && b.Text.Length == 3 && b.Before is "-" ? OfDay(a.Value, b.Value)
        : a.IsYear && b.IsShort && b.Before != "." ? Known(a.Value, b.Value, 1)
        : a.IsShort && b.IsYear ? Known(b.Value, a.Value, 1) : null;

    /// <summary>A day of a year, as 2020-051.</summary>
    private static Stamp? OfDay(int year, int day)
    {
        if (year is < 1 or > 9999 || day < 1 || day > (DateTime.IsLeapYear(year) ? 366 : 365))
        {
            return null;
        }

        DateTime date = new DateTime(year, 1, 1).AddDays(day - 1);
        return Known(year, date.Month, date.Day);
    }

    private static Stamp? Three(Part a, Part b, Part c) => b.Before != c.Before || b.Before.Length > 1 || !b.IsShort ? null
        : a.IsYear && c.IsShort ? Known(a.Value, b.Value, c.Value)
        : a.IsShort && c.IsYear ? new(c.Value, a.Value, b.Value, true, false, default, null)
        : a.IsShort && c.Text.Length == 2 && b.Before.Length == 1 ? new(c.Value, a.Value, b.Value, true, true, default, null)
        : null;

    /// <summary>Jan 1 2000, 1 Jan 2000, 2000 Jan 1, Jan 2000, 2000-Jan, 01-Jan-00, Jan-00.</summary>
    private static Stamp? Named(List<Part> parts)
    {
        int place = parts.FindIndex(part => !part.IsNumber);
        int month = MonthNames.Of(parts[place].Text);
        List<Part> numbers = parts.FindAll(part => part.IsNumber);
        return month == 0 ? null : numbers switch
        {
            [{ IsYear: true } year] => Known(year.Value, month, 1),
            [{ Text.Length: 2 } year] when place == 0 => Known(year.Value, month, 1, isShort: true),
            [{ IsShort: true } day, { IsYear: true } year] => Known(year.Value, month, day.Value),
            [{ IsYear: true } year, { IsShort: true } day] when place < 2 => Known(year.Value, month, day.Value),
            [{ IsShort: true } day, { Text.Length: 2 } year] when place < 2 => Known(year.Value, month, day.Value, isShort: true),
            _ => null,
        };
    }

    /// <summary>2024-Q1, Q1 2024, 1Q2024; halves of years with H or S, months with M, ISO weeks with W.</summary>
    private static Stamp? Period(List<Part> parts, char letter)
    {
        Part[] numbers = [.. parts.Where(part => part.IsNumber)];
        if (numbers.Length != 2 || parts.Any(part => part.Before.Length > 1))
        {
            return null;
        }

        bool yearFirst = numbers[0].IsYear && !parts[1].IsNumber;
        (Part year, Part number) = yearFirst ? (numbers[0], numbers[1]) : (numbers[1], numbers[0]);
        bool isShort = !yearFirst && letter is 'Q' or 'H' && year.Text.Length == 2 && number.Text.Length == 1;
        if (!(year.IsYear || isShort) || !number.IsShort || (yearFirst && parts[2].Before.Length > 0)
            || (!yearFirst && parts[1].Before.Length > 0) || (yearFirst && parts[0].IsNumber == parts[1].IsNumber))
        {
            return null;
        }

        int value = number.Value;
        return letter switch
        {
            'Q' when value is >= 1 and <= 4 && number.Text.Length == 1 => Known(year.Value, (3 * value) - 2, 1, isShort),
            'H' or 'S' when value is 1 or 2 && number.Text.Length == 1 => Known(year.Value, (6 * value) - 5, 1, isShort),
            'M' => Known(year.Value, value, 1),
            'W' => Week(year, number, 1),
            _ => null,
        };
    }

    private static Stamp? Week(Part year, Part week, int day)
    {
        if (week.Text.Length != 2 || year.Value is < 1 or >= 9999 || day is < 1 or > 7 || week.Value < 1
            || week.Value > ISOWeek.GetWeeksInYear(year.Value))
        {
            return null;
        }

        DateTime date = ISOWeek.ToDateTime(year.Value, week.Value, (DayOfWeek)(day % 7));
        return Known(date.Year, date.Month, date.Day);
    }

    private static int Int(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
