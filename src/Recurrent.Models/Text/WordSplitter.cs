using System.Globalization;
using System.Text;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Where words begin and end.</summary>
internal static class WordSplitter
{
    public const string Whitespace = "whitespace";
    public const string Words = "words";

    /// <summary>Requires a way to split that there is.</summary>
    public static void Check(string owner, string split)
    {
        ArgumentNullException.ThrowIfNull(split);
        new OptionCheck(owner).OneOf(nameof(split), split, Whitespace, Words).ThrowIfAny();
    }

    /// <summary>The words of a text, as <see cref="WordTokenizer"/> describes them.</summary>
    public static IEnumerable<Range> Split(string text, string split) => split == Whitespace ? AtSpaces(text) : IntoWords(text);

    /// <summary>What stands between white space.</summary>
    public static IEnumerable<Range> AtSpaces(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isSpace = i == text.Length || char.IsWhiteSpace(text[i]);
            if (isSpace && start >= 0)
            {
                yield return start..i;
                start = -1;
            }
            else if (!isSpace && start < 0)
            {
                start = i;
            }
        }
    }

    private static IEnumerable<Range> IntoWords(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int end = char.IsWhiteSpace(text[i]) ? EndOfSpace(text, i)
                : IsWordPart(text, i) && !StandsAlone(Rune.GetRuneAt(text, i)) ? EndOfWord(text, i)
                : i + StringInfo.GetNextTextElementLength(text.AsSpan(i));
            yield return i..end;
            i = end;
        }
    }

    private static int EndOfSpace(string text, int start)
    {
        int end = start;
        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }

    private static int EndOfWord(string text, int start)
    {
        int end = start;
        while (end < text.Length)
        {
            if (IsWordPart(text, end) && !StandsAlone(Rune.GetRuneAt(text, end)))
            {
                end += Rune.GetRuneAt(text, end).Utf16SequenceLength;
            }
            else if (text[end] is '\'' or '’' or '.' && end + 1 < text.Length && Joins(text, end))
            {
                end++;
            }
            else
            {
                break;
            }
        }

        return end;
    }

    /// <summary>Whether an apostrophe or a point stands between two letters, or two digits.</summary>
    private static bool Joins(string text, int place)
    {
        char before = text[place - 1];
        return text[place] == '.' ? char.IsAsciiDigit(before) && char.IsAsciiDigit(text[place + 1])
            : IsWordPart(text, place + 1) && !StandsAlone(Rune.GetRuneAt(text, place + 1));
    }

    private static bool IsWordPart(string text, int place) => CharUnicodeInfo.GetUnicodeCategory(text, place) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark or UnicodeCategory.ConnectorPunctuation
        || text[place] is '\u200C' or '\u200D';

    /// <summary>Whether a letter is of a script that writes no spaces and of which each sign is a word: Han, Hiragana.</summary>
    private static bool StandsAlone(Rune letter) => letter.Value
        is (>= 0x3041 and <= 0x309F) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x3FFFF);
}
