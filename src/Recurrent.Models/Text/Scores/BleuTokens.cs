using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Recurrent.Text;

/// <summary>
/// How BLEU takes texts apart: rules of the scripts mteval-v13a and mteval-v14 of NIST, as sacreBLEU applies them.
/// </summary>
internal static partial class BleuTokens
{
    /// <summary>The ways there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["13a", "intl", "char", "none"];

    /// <summary>The tokens of a text.</summary>
    public static string[] Split(string text, string tokenize) => TextScores.Words(tokenize switch
    {
        "13a" => Western(text),
        "intl" => International(text),
        "char" => string.Join(' ', TextScores.Characters(text, graphemes: false)),
        _ => text,
    });

    private static string Western(string text)
    {
        string line = text
            .Replace("<skipped>", string.Empty, StringComparison.Ordinal)
            .Replace("-\n", string.Empty, StringComparison.Ordinal)
            .Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal);
        line = Symbol().Replace($" {line} ", " $1 ");
        line = PointAfterNoDigit().Replace(line, "$1 $2 ");
        line = PointBeforeNoDigit().Replace(line, " $1 $2");
        return DashAfterDigit().Replace(line, "$1 $2 ");
    }

    // By code points, since half of a pair is no mark: \p{} of the platform looks at code units.
    private static string International(string text)
    {
        string line = Part(text, (first, second) => !IsNumber(first) && IsMark(second), before: false, after: true);
        line = Part(line, (first, second) => IsMark(first) && !IsNumber(second), before: true, after: false);
        var result = new StringBuilder(line.Length);
        foreach (Rune rune in line.EnumerateRunes())
        {
            result.Append(IsSymbol(rune) ? $" {rune} " : rune.ToString());
        }

        return result.ToString();
    }

    /// <summary>Puts spaces between pairs of characters, each of which is in one pair at most.</summary>
    private static string Part(string text, Func<Rune, Rune, bool> parts, bool before, bool after)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < runes.Length; i++)
        {
            if (i + 1 < runes.Length && parts(runes[i], runes[i + 1]))
            {
                result.Append(before ? " " : string.Empty).Append(runes[i].ToString()).Append(' ')
                    .Append(runes[++i].ToString()).Append(after ? " " : string.Empty);
            }
            else
            {
                result.Append(runes[i].ToString());
            }
        }

        return result.ToString();
    }

    private static bool IsNumber(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsMark(Rune rune) => Rune.IsPunctuation(rune);

    private static bool IsSymbol(Rune rune) => Rune.IsSymbol(rune);

    [GeneratedRegex(@"([{-~[-` -&(-+:-@/])", RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();

    [GeneratedRegex(@"([^0-9])([.,])", RegexOptions.CultureInvariant)]
    private static partial Regex PointAfterNoDigit();

    [GeneratedRegex(@"([.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex PointBeforeNoDigit();

    [GeneratedRegex(@"([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex DashAfterDigit();
}
