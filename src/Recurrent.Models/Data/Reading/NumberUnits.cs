namespace Recurrent.Data;

/// <summary>What stands around the numbers of a column: signs and codes of money, percent, units behind a space or with a sign of
/// their own.</summary>
internal static class NumberUnits
{
    private const string Money = "$€£¥₹₩₽₺";
    private const int LongestUnit = 8;

    private static readonly HashSet<string> Codes = new(StringComparer.Ordinal)
    {
        "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL",
        "MXN", "ZAR", "RUB", "TRY", "KRW", "SGD", "HKD", "ILS", "THB", "IDR", "MYR", "PHP", "AED", "SAR", "RON", "UAH", "VND",
        "ARS", "CLP",
    };

    /// <summary>The unit that every cell has that is not missing; empty where they differ or have none, for a unit that all cells
    /// have says nothing of one of them.</summary>
    internal static string Shared(IEnumerable<string> cells, Func<string, bool> isMissing)
    {
        string? shared = null;
        foreach (string cell in cells)
        {
            if (isMissing(cell))
            {
                continue;
            }

            string unit = Of(cell);
            if (unit.Length == 0 || (shared is not null && shared != unit))
            {
                return string.Empty;
            }

            shared = unit;
        }

        return shared ?? string.Empty;
    }

    /// <summary>A cell without its unit: <c>-$5</c> is -5, <c>($1,200)</c> in brackets stays so.</summary>
    internal static string Without(string text, string unit) =>
        unit.Length == 0 || !text.Contains(unit, StringComparison.Ordinal) ? text
            : text.Remove(text.IndexOf(unit, StringComparison.Ordinal), unit.Length).Trim();

    /// <summary>A cell without a sign of money or percent.</summary>
    internal static string WithoutSign(string text) =>
        Of(text) is { Length: > 0 } unit && (unit is "%" || IsMoney(unit)) ? Without(text, unit) : text;

    /// <summary>What stands before or behind the number of a cell; empty where there is nothing, or something else than a
    /// unit.</summary>
    private static string Of(string text)
    {
        ReadOnlySpan<char> body = text.AsSpan().Trim();
        if (body.Length > 2 && body[0] == '(' && body[^1] == ')')
        {
            body = body[1..^1].Trim();
        }

        body = body.TrimStart("+-−").TrimStart();
        int first = body.IndexOfAnyInRange('0', '9');
        int last = body.LastIndexOfAnyInRange('0', '9');
        if (first < 0)
        {
            return string.Empty;
        }

        ReadOnlySpan<char> before = body[..first].TrimEnd(".,-−+").Trim();
        ReadOnlySpan<char> behind = body[(last + 1)..];
        return before.Length > 0 ? behind.Trim().Length == 0 && IsMoney(before) ? before.ToString() : string.Empty
            : IsUnit(behind) ? behind.Trim().ToString() : string.Empty;
    }

    private static bool IsMoney(ReadOnlySpan<char> text) => Codes.Contains(text.ToString())
        || (text.Length is 1 or 2 or 3 && Money.Contains(text[^1], StringComparison.Ordinal)
            && !text[..^1].ContainsAnyExceptInRange('A', 'Z'));

    /// <summary>A sign of percent, degrees or money, a code of money, or a word of few letters behind a space that is no half of
    /// the day and no month.</summary>
    private static bool IsUnit(ReadOnlySpan<char> behind)
    {
        ReadOnlySpan<char> unit = behind.Trim();
        if (unit.Length is 0 or > LongestUnit)
        {
            return false;
        }

        if (unit[0] is '%' or '‰' or '°' or 'º' or '℃' || IsMoney(unit))
        {
            return true;
        }

        string word = unit.ToString();
        return char.IsWhiteSpace(behind[0]) && char.IsLetter(unit[0])
            && word is not ("h" or "H" or "Uhr" or "Z" or "UTC" or "GMT")
            && word.All(one => char.IsLetterOrDigit(one) || one is '/' or '°' or '²' or '³' or '%' or '·')
            && word.Replace(".", string.Empty, StringComparison.Ordinal).ToUpperInvariant() is not ("AM" or "PM")
            && MonthNames.Of(word) == 0 && !MonthNames.IsDay(word);
    }
}
