using System.Globalization;
using System.Text;

namespace Recurrent.Registration;

/// <summary>Texts from files are shown to people: on terminals, in messages, on pages. What would be a command there is none of a
/// name.</summary>
internal static class ReadableText
{
    /// <summary>The first character that is a command, as <c>U+001B</c>; null where there is none.</summary>
    public static string? FirstUnsafe(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (IsUnsafe(text[i]))
            {
                return FormattableString.Invariant($"U+{(int)text[i]:X4}");
            }
        }

        return null;
    }

    /// <summary>The text with every command spelled out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keepLines">Whether line breaks stay.</param>
    public static string Escape(string text, bool keepLines)
    {
        if (FirstUnsafe(text) is null)
        {
            return text;
        }

        var safe = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            if (char.IsHighSurrogate(letter) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(letter).Append(text[++i]);
            }
            else if (IsUnsafe(letter) && !(keepLines && letter == '\n'))
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
            else
            {
                safe.Append(letter);
            }
        }

        return safe.ToString();
    }

    // Control characters, those that turn the order of what is read around, and halves of pairs, which no encoding has.
    private static bool IsUnsafe(char letter) =>
        char.IsControl(letter) || char.IsSurrogate(letter)
            || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029';
}
