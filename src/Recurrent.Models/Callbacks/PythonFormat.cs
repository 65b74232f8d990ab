using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Recurrent.Callbacks;

/// <summary>
/// Numbers as Python's format specifications write them, which Keras's users know: <c>02d</c>, <c>03</c>, <c>.4f</c>,
/// <c>8.3e</c>, <c>+.2%</c>. The grammar is that of Python's documentation:
/// <c>[[fill]align][sign][0][width][,][.precision][type]</c>.
/// </summary>
internal static partial class PythonFormat
{
    /// <summary>Formats a number.</summary>
    /// <param name="specification">What follows the colon.</param>
    /// <param name="value">The number.</param>
    /// <param name="whole">Whether it is a whole number, as an epoch is; <c>d</c> takes no other.</param>
    /// <exception cref="FormatException">It is no specification for such a number.</exception>
    public static string Format(string specification, double value, bool whole)
    {
        Match match = Specification().Match(specification);
        if (!match.Success)
        {
            throw new FormatException($"'{specification}' is no format of Python's.");
        }

        int? precision = match.Groups["precision"] is { Success: true } digits ? Number(digits.Value) : null;
        string size = Digits(Math.Abs(value), match.Groups["type"].Value, precision, whole);
        if (match.Groups["group"] is { Length: > 0 } group)
        {
            size = Grouped(size, group.Value);
        }

        string sign = double.IsNegative(value) && !double.IsNaN(value) ? "-" : match.Groups["sign"].Value is "+" or " "
            ? match.Groups["sign"].Value : string.Empty;
        int width = match.Groups["width"] is { Length: > 0 } room ? Number(room.Value) : 0;
        bool zero = match.Groups["zero"].Success;
        string align = match.Groups["align"] is { Length: > 0 } given ? given.Value : zero ? "=" : ">";
        char fill = match.Groups["fill"] is { Length: > 0 } filling ? filling.Value[0] : zero ? '0' : ' ';
        int missing = Math.Max(0, width - sign.Length - size.Length);
        return align switch
        {
            "=" => sign + new string(fill, missing) + size,
            "<" => sign + size + new string(fill, missing),
            "^" => new string(fill, missing / 2) + sign + size + new string(fill, missing - (missing / 2)),
            _ => new string(fill, missing) + sign + size,
        };
    }

    private static string Digits(double size, string type, int? precision, bool whole)
    {
        if (!double.IsFinite(size))
        {
            return double.IsNaN(size) ? "nan" : "inf";
        }

        return type switch
        {
            "" or "d" or "n" when whole && precision is null => Plain(size, "0"),
            "x" or "X" when whole && precision is null => ((long)size).ToString(type, CultureInfo.InvariantCulture),
            "b" when whole && precision is null => ((long)size).ToString("b", CultureInfo.InvariantCulture),
            "" when precision is null => Plain(size, "R"),
            "f" or "F" => Fixed(size, precision ?? 6),
            "%" => Fixed(size * 100, precision ?? 6) + "%",
            "e" or "E" => Scientific(size, precision ?? 6, type),
            "g" or "G" or "n" or "" => General(size, Math.Max(1, precision ?? 6), type == "G" ? "E" : "e"),
            _ => throw new FormatException($"'{type}' is no type of Python's formats for such a number."),
        };
    }

    private static string Fixed(double size, int digits) =>
        Plain(size, "F" + digits.ToString(CultureInfo.InvariantCulture));

    private static string Scientific(double size, int digits, string exponent) =>
        Plain(size, (digits == 0 ? "0" : "0." + new string('0', digits)) + exponent + "+00");

    /// <summary>So many significant digits without zeros at the end, with an exponent where the number is small or
    /// large.</summary>
    private static string General(double size, int digits, string exponent)
    {
        string scientific = Scientific(size, digits - 1, exponent);
        int at = scientific.IndexOf(exponent, StringComparison.Ordinal);
        int power = int.Parse(scientific.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return power >= -4 && power < digits
            ? Trimmed(Fixed(size, digits - 1 - power))
            : Trimmed(scientific[..at]) + scientific[at..];
    }

    private static string Trimmed(string digits) =>
        digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string Grouped(string digits, string separator)
    {
        int end = 0;
        while (end < digits.Length && char.IsAsciiDigit(digits[end]))
        {
            end++;
        }

        var text = new StringBuilder(digits);
        for (int i = end - 3; i > 0; i -= 3)
        {
            text.Insert(i, separator);
        }

        return text.ToString();
    }

    private static string Plain(double size, string format) => size.ToString(format, CultureInfo.InvariantCulture);

    private static int Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 99
            ? number
            : throw new FormatException($"{digits} is too many digits.");

    [GeneratedRegex(
        @"^((?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<zero>0)?(?<width>\d+)?(?<group>[,_])?"
        + @"(\.(?<precision>\d+))?(?<type>[a-zA-Z%])?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Specification();
}
