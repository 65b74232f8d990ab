using System.Text;

namespace Recurrent.Tokenizers;

/// <summary>Tokens as texts.</summary>
internal static class UnicodeTokens
{
    private const int LongestShown = 60;

    /// <summary>Whether a text has half of a surrogate pair.</summary>
    public static bool HasHalf(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }

    /// <summary>A token for a message: control characters spelled out, and no longer than people read.</summary>
    public static string Show(string token)
    {
        var shown = new StringBuilder();
        foreach (char letter in token.Length <= LongestShown ? token : token[..LongestShown])
        {
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter)
                ? FormattableString.Invariant($"\\u{(int)letter:x4}") : letter.ToString());
        }

        return shown.ToString();
    }
}
