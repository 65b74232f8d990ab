namespace Recurrent.Data;

/// <summary>Names of months and days of the week, in English, German, French and Spanish.</summary>
internal static class MonthNames
{
    private const int FewestLetters = 3;

    // Every name of a month begins with one of these, and no two months share one.
    private static readonly string[][] Beginnings =
    [
        ["jan", "jän", "ene"], ["feb", "fév", "fev"], ["mar", "mär", "mrz"], ["apr", "avr", "abr"], ["may", "mai"],
            ["jun", "juin"],
        ["jul", "juil"], ["aug", "aoû", "aou", "ago"], ["sep", "set"], ["oct", "okt"], ["nov"], ["dec", "dez", "déc", "dic"],
    ];

    private static readonly string[] Full =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "januar", "jänner", "februar", "märz", "maerz", "april", "mai", "juni", "juli", "august", "september", "oktober",
        "november", "dezember", "janvier", "février", "fevrier", "mars", "avril", "juin", "juillet", "août", "aout", "septembre",
        "octobre", "novembre", "décembre", "decembre", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
        "septiembre", "octubre", "noviembre", "diciembre",
    ];

    private static readonly string[] Days =
    [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tues", "wednes", "thur", "thurs",
        "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "mo", "di", "mi", "do", "fr", "sa", "so",
    ];

    /// <summary>The month of a name, in full or shortened to three letters or more; 0 where it is none.</summary>
    internal static int Of(ReadOnlySpan<char> text)
    {
        string name = text.ToString().ToLowerInvariant();
        if (name.Length < FewestLetters
            || (name.Length > FewestLetters && !Array.Exists(Full, full => full.StartsWith(name, StringComparison.Ordinal))))
        {
            return 0;
        }

        return 1 + Array.FindIndex(Beginnings, all =>
            Array.Exists(all, start => name.StartsWith(start, StringComparison.Ordinal)));
    }

    /// <summary>Whether a text is the name of a day of the week, in full or shortened.</summary>
    internal static bool IsDay(ReadOnlySpan<char> text)
    {
        string name = text.ToString().ToLowerInvariant();
        return Array.Exists(Days, day => day == name
            || (name.Length == FewestLetters && day.StartsWith(name, StringComparison.Ordinal)));
    }
}
