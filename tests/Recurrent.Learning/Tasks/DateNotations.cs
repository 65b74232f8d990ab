using Recurrent.Random;

namespace Recurrent.Learning.Tasks;

/// <summary>Dates as people write them, in ten notations and four languages.</summary>
internal static class DateNotations
{
    /// <summary>Number of notations.</summary>
    internal const int Count = 10;

    private static readonly DateTime First = new(1950, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private static readonly Language[] Languages =
    [
        new(
            ["January", "February", "March", "April", "May", "June", "July", "August", "September",
                "October", "November", "December"],
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
            "the {0} of {1} {2}", "{0}, {1} {2} {3}"),
        new(
            ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
                "Oktober", "November", "Dezember"],
            ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
            "am {0}. {1} {2}", "{0}, {1}. {2} {3}"),
        new(
            ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
                "octobre", "novembre", "décembre"],
            ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"], "le {0} {1} {2}", "{0} {1} {2} {3}"),
        new(
            ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
                "octubre", "noviembre", "diciembre"],
            ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"], "el {0} de {1} de {2}",
            "{0}, {1} de {2} de {3}"),
    ];

    /// <summary>All letters that occur.</summary>
    internal static IEnumerable<string> Samples =>
        Enumerable.Range(0, 400).SelectMany(day => Enumerable.Range(0, Count)
            .SelectMany(way => Enumerable.Range(0, Languages.Length)
                .Select(language => Write(First.AddDays(day * 91), way, language))));

    /// <summary>Draws dates; a tenth of all days, by a hash, is held out.</summary>
    internal static (string[] Sources, string[] Targets) Draw(ref SeededRandom random, int count, bool heldOut)
    {
        var sources = new string[count];
        var targets = new string[count];
        for (int i = 0; i < count;)
        {
            int day = random.NextInt(36525);
            if ((SeededRandom.Key(7, (ulong)day) % 10 == 0) == heldOut)
            {
                DateTime date = First.AddDays(day);
                sources[i] = Write(date, random.NextInt(Count), random.NextInt(Languages.Length));
                targets[i++] = FormattableString.Invariant($"{date:yyyy-MM-dd}");
            }
        }

        return (sources, targets);
    }

    /// <summary>Writes a date.</summary>
    internal static string Write(DateTime date, int way, int language)
    {
        Language own = Languages[language];
        (int y, int m, int d) = (date.Year, date.Month, date.Day);
        string month = own.Months[m - 1];

        // Of three letters, June and July would be alike in French.
        string shorter = month[..Math.Min(4, month.Length)];
        string weekday = own.Days[((int)date.DayOfWeek + 6) % 7];
        return way switch
        {
            0 => FormattableString.Invariant($"{d} {month} {y}"),
            1 => FormattableString.Invariant($"{d}. {shorter} {y}"),
            2 => string.Format(System.Globalization.CultureInfo.InvariantCulture, own.Long, weekday, d, month, y),
            3 => FormattableString.Invariant($"{month} {d}, {y}"),
            4 => FormattableString.Invariant($"{d:00}.{m:00}.{y}"),
            5 => FormattableString.Invariant($"{d}/{m}/{y % 100:00}"),
            6 => FormattableString.Invariant($"{y}/{m}/{d}"),
            7 => string.Format(System.Globalization.CultureInfo.InvariantCulture, own.Spoken, Ordinal(d, language), month, y),
            8 => FormattableString.Invariant($"{d:00}-{shorter.ToUpperInvariant()}-{y % 100:00}"),
            _ => FormattableString.Invariant($"{y} {month} {d}"),
        };
    }

    private static string Ordinal(int day, int language) => FormattableString.Invariant($"{day}")
        + ((language, day % 10, day) switch
        {
            (0, 1, not 11) => "st",
            (0, 2, not 12) => "nd",
            (0, 3, not 13) => "rd",
            (0, _, _) => "th",
            (2, 1, 1) => "er",
            _ => string.Empty,
        });

    private sealed record Language(string[] Months, string[] Days, string Spoken, string Long);
}
