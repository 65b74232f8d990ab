using System.Globalization;
using Recurrent.Random;

namespace Recurrent.Examples.Dates;

/// <summary>A date as somebody wrote it, and which letters of it say what.</summary>
/// <param name="Text">What was written: <c>the 7th of march 2019</c>.</param>
/// <param name="Roles">For each letter the part of the date that it belongs to: y, m, d, or a blank for none.</param>
/// <param name="Answer">The date in eight digits: <c>20190307</c>.</param>
internal sealed record WrittenDate(string Text, string Roles, string Answer)
{
    /// <summary>What the eight digits of an answer belong to.</summary>
    internal const string Asked = "yyyymmdd";

    /// <summary>Steps of a sequence: more than the longest text has.</summary>
    internal const int Steps = 28;

    /// <summary>All letters that occur.</summary>
    internal const string Letters = " abcdefghijklmnopqrstuvwxyz0123456789,./";

    /// <summary>Number of ways in which a date can be written.</summary>
    internal const int Ways = 6;

    private static readonly DateTime First = new(1950, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly int Days = (int)(new DateTime(2050, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) - First).TotalDays;

    /// <summary>Dates of 1950 to 2049, each on another day, every way as likely as the next.</summary>
    internal static WrittenDate[] Draw(int count, ulong key)
    {
        var random = new SeededRandom(key);
        int[] days = [.. Enumerable.Range(0, Days)];
        random.Shuffle(days.AsSpan());
        var dates = new WrittenDate[count];
        for (int i = 0; i < count; i++)
        {
            dates[i] = Write(First.AddDays(days[i % Days]), random.NextInt(Ways));
        }

        return dates;
    }

    /// <summary>Writes a date in one of the ways.</summary>
    internal static WrittenDate Write(DateTime date, int way)
    {
        (string Text, char Role) year = (Part(date, "yyyy"), 'y');
        (string Text, char Role) month = (Part(date, "MMMM"), 'm');
        (string Text, char Role) day = (Part(date, "%d"), 'd');
        (string Text, char Role)[] parts = way switch
        {
            0 => [day, (" ", ' '), month, (" ", ' '), year],
            1 => [month, (" ", ' '), day, (", ", ' '), year],
            2 => [(Part(date, "dddd") + " ", ' '), day, (" ", ' '), (Part(date, "MMM"), 'm'), (" ", ' '), year],
            3 => [day, (".", ' '), (Part(date, "%M"), 'm'), (".", ' '), year],
            4 => [("the ", ' '), day, (Ending(date.Day) + " of ", ' '), month, (" ", ' '), year],
            _ => [year, ("/", ' '), (Part(date, "MM"), 'm'), ("/", ' '), (Part(date, "dd"), 'd')],
        };
        return new(
            string.Concat(parts.Select(part => part.Text)),
            string.Concat(parts.Select(part => new string(part.Role, part.Text.Length))),
            Part(date, "yyyyMMdd"));
    }

    /// <summary>The letters that say a digit of the answer: that very one where the part is written in as many digits, else the
    /// whole part.</summary>
    /// <param name="digit">Which of the eight digits.</param>
    internal Range Place(int digit)
    {
        int start = Roles.IndexOf(Asked[digit], StringComparison.Ordinal);
        int length = Roles.Count(role => role == Asked[digit]);
        int asked = Asked.Count(role => role == Asked[digit]);
        int exact = start + digit - Asked.IndexOf(Asked[digit], StringComparison.Ordinal);
        return length == asked && char.IsAsciiDigit(Text[start]) ? exact..(exact + 1) : start..(start + length);
    }

    private static string Ending(int day) => (day % 10, day is >= 11 and <= 13) switch
    {
        (1, false) => "st",
        (2, false) => "nd",
        (3, false) => "rd",
        _ => "th",
    };

    private static string Part(DateTime date, string format) =>
        date.ToString(format, CultureInfo.InvariantCulture).ToLowerInvariant();
}
