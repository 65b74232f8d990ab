using System.Text;

namespace Recurrent.Layers;

/// <summary>
/// What <see cref="TextVectorization"/> does to a text before it looks tokens up, as TensorFlow's operations on bytes do it:
/// letters and white space are those of ASCII.
/// </summary>
internal static class TextSteps
{
    public const string LowerAndStrip = "lower_and_strip_punctuation";
    public const string Lower = "lower";
    public const string Strip = "strip_punctuation";
    public const string Whitespace = "whitespace";
    public const string Character = "character";

    /// <summary>The text without what a standardization takes away.</summary>
    public static string Standardize(string text, string? how)
    {
        if (how is null)
        {
            return text;
        }

        bool lowers = how is Lower or LowerAndStrip;
        bool strips = how is Strip or LowerAndStrip;
        var result = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            if (!strips || !char.IsAscii(letter) || !IsPunctuation(letter))
            {
                result.Append(lowers && char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter);
            }
        }

        return result.ToString();
    }

    /// <summary>The parts of a text.</summary>
    public static List<string> Split(string text, string? how)
    {
        var parts = new List<string>();
        if (how is null)
        {
            parts.Add(text);
        }
        else if (how == Character)
        {
            for (int i = 0; i < text.Length;)
            {
                int length = char.IsHighSurrogate(text[i]) ? 2 : 1;
                parts.Add(text.Substring(i, length));
                i += length;
            }
        }
        else
        {
            int start = -1;
            for (int i = 0; i <= text.Length; i++)
            {
                bool isSpace = i == text.Length || text[i] is ' ' or (>= '\t' and <= '\r');
                if (isSpace && start >= 0)
                {
                    parts.Add(text[start..i]);
                    start = -1;
                }
                else if (!isSpace && start < 0)
                {
                    start = i;
                }
            }
        }

        return parts;
    }

    /// <summary>Tokens in a row as one each, with spaces between them: all of the first width, then of the next.</summary>
    public static List<string> Combine(List<string> tokens, NGrams? widths)
    {
        if (widths is null)
        {
            return tokens;
        }

        var result = new List<string>();
        foreach (int width in widths)
        {
            for (int i = 0; i + width <= tokens.Count; i++)
            {
                result.Add(width == 1 ? tokens[i] : string.Join(' ', tokens.Skip(i).Take(width)));
            }
        }

        return result;
    }

    /// <summary>Why a token cannot be one; null where it can.</summary>
    public static string? Refusal(string token)
    {
        for (int i = 0; i < token.Length; i++)
        {
            if (char.IsSurrogate(token[i]) && (i + 1 == token.Length || !char.IsSurrogatePair(token[i], token[++i])))
            {
                return "which is no Unicode text: it has half of a surrogate pair";
            }
        }

        return null;
    }

    // What Keras strips: !"#$%&()*+,-./:;<=>?@[\]^_`{|}~'
    private static bool IsPunctuation(char letter) =>
        letter is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');
}
