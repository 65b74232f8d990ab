using System.Globalization;
using System.Text;

namespace Recurrent.Data;

/// <summary>Reads numbers as people write them: with a decimal point or a decimal comma, and with marks between
/// thousands.</summary>
internal static class NumberText
{
    // What stands between thousands: a plain, a hard, a thin and a narrow hard space, and the Swiss apostrophes.
    private const string Separators = " \u00A0\u2009\u202F'’";
    private const int Thousand = 3;
    private const int LongestMark = 8;

    /// <summary>Whether a cell says that there is no value.</summary>
    internal static bool IsMissing(string text)
    {
        // Most cells are numbers, and none of the marks ends as they do.
        ReadOnlySpan<char> body = text.AsSpan().Trim();
        return body.IsEmpty
            || (!char.IsAsciiDigit(body[^1]) && body.Length <= LongestMark && IsMark(body.ToString().ToUpperInvariant()));
    }

    /// <summary>Reads a number with a decimal point and nothing between thousands.</summary>
    internal static bool TryPlain(string text, out double value) =>
        double.TryParse(text.Replace('−', '-'), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);

    /// <summary>Reads a number with a decimal mark; between its thousands may stand a space, an apostrophe, or the mark that is
    /// not the decimal one. A number in brackets, or with its minus behind it, is negative, as in accounts.</summary>
    internal static bool TryRead(string text, char decimalMark, out double value)
    {
        ReadOnlySpan<char> body = text.AsSpan().Trim();
        bool negative = body.Length > 2 && ((body[0] == '(' && body[^1] == ')')
            || (body[^1] is '-' or '−' && char.IsAsciiDigit(body[^2])));
        if (!negative)
        {
            return TryReadSigned(body, decimalMark, out value);
        }

        body = body[^1] == ')' ? body[1..^1].Trim() : body[..^1];
        if (body.IsEmpty)
        {
            value = 0;
            return false;
        }

        bool read = (char.IsAsciiDigit(body[0]) || body[0] == decimalMark) & TryReadSigned(body, decimalMark, out value);
        value = -value;
        return read;
    }

    private static bool TryReadSigned(ReadOnlySpan<char> body, char decimalMark, out double value)
    {
        value = 0;
        int sign = body.Length > 0 && body[0] is '+' or '-' or '−' ? 1 : 0;
        int exponent = body.IndexOfAny('e', 'E');
        ReadOnlySpan<char> number = body[sign..(exponent < 0 ? body.Length : Math.Max(sign, exponent))];
        int mark = number.LastIndexOf(decimalMark);
        ReadOnlySpan<char> whole = mark < 0 ? number : number[..mark];
        ReadOnlySpan<char> fraction = mark < 0 ? [] : number[(mark + 1)..];
        if ((whole.IsEmpty && fraction.IsEmpty) || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var plain = new StringBuilder();
        if (!AppendWhole(plain, whole, decimalMark, mark >= 0))
        {
            return false;
        }

        string power = exponent < 0 ? string.Empty : body[exponent..].ToString().Replace('−', '-');
        string start = sign == 1 && body[0] != '+' ? "-" : string.Empty;
        return TryPlain($"{start}{plain}.{fraction}{power}", out value);
    }

    private static bool IsMark(string text) => text is "?" or "–" or "—" or "…" or ":" or "NA" or "N/A" or "#N/A" or "#NV"
        or "N.A." or "<NA>" or "(NA)" or "ND" or "N/D" or "N.D." or "NAN" or "-NAN" or "NAT" or "NULL" or "(NULL)" or "NIL"
        or "NONE" or "MISSING" or "#VALUE!" or "#REF!" or "#DIV/0!" or "#NUM!" or "#NAME?" or "#NULL!" or "\\N"
        || (text[0] is '-' or '.' or '*' or '_' && !text.AsSpan().ContainsAnyExcept(text[0]));

    /// <summary>The digits before the decimal mark: together, or a first group of one to three and then groups of
    /// three.</summary>
    private static bool AppendWhole(StringBuilder plain, ReadOnlySpan<char> whole, char decimalMark, bool fraction)
    {
        int first = whole.IndexOfAnyExceptInRange('0', '9');
        if (first < 0)
        {
            plain.Append(whole.IsEmpty ? "0" : whole);
            return true;
        }

        char separator = whole[first];
        if (first is 0 or > Thousand || whole[0] == '0'
            || !(separator == (decimalMark == '.' ? ',' : '.') || Separators.Contains(separator, StringComparison.Ordinal)))
        {
            return false;
        }

        if (IsIndian(whole, separator) && (fraction || whole.Count(',') > 2))
        {
            plain.Append(whole.ToString().Replace(",", string.Empty, StringComparison.Ordinal));
            return true;
        }

        plain.Append(whole[..first]);
        for (int at = first; at < whole.Length; at += Thousand + 1)
        {
            if (whole[at] != separator || whole.Length < at + 1 + Thousand
                || whole.Slice(at + 1, Thousand).ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            plain.Append(whole.Slice(at + 1, Thousand));
        }

        return true;
    }

    /// <summary>Groups of two digits before the last one of three: 1,12,34,567, or 12,34,567.00, which is no list.</summary>
    private static bool IsIndian(ReadOnlySpan<char> whole, char separator)
    {
        const int last = 4;
        int place = whole.Length - last;
        if (separator != ',' || place < last || whole[place] != ',' || whole[(place + 1)..].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        for (; place > 2; place -= Thousand)
        {
            if (whole[place] != ',' || whole.Slice(place - 2, 2).ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }
        }

        return place is 1 or 2 && whole[place] == ',' && !whole[..place].ContainsAnyExceptInRange('0', '9');
    }
}
