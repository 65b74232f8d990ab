using System.Globalization;
using System.Text;

namespace Recurrent.Text;

/// <summary>What every tokenizer does with a text first: it checks that it is Unicode, and brings it to a normal form.</summary>
internal static class UnicodeText
{
    /// <summary>The normal forms by name.</summary>
    internal static readonly IReadOnlyList<string> Forms = ["NFC", "NFD", "NFKC", "NFKD"];

    /// <summary>Where a text has half of a surrogate pair; −1 where it has none.</summary>
    internal static int FirstHalf(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return i;
                }

                i++;
            }
        }

        return -1;
    }

    /// <summary>Requires that a text is Unicode.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sample">Which sample it is, for messages; −1 where it is the only one.</param>
    /// <param name="argument">The argument it comes from.</param>
    /// <exception cref="ArgumentException">It is null, or has half of a surrogate pair.</exception>
    internal static void Require(string? text, int sample, string argument)
    {
        if (text is null)
        {
            throw new ArgumentException($"{Subject(sample)} is null. Give an empty text, or leave it out.", argument);
        }

        int half = FirstHalf(text);
        if (half >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{Subject(sample)} is no Unicode text: it has half of a surrogate pair (U+{(int)text[half]:X4}) at {half}. "
                + $"Cut texts between characters, and read files as what they are encoded in."), argument);
        }
    }

    /// <summary>How messages begin that speak of a text.</summary>
    internal static string Subject(int sample) =>
        sample < 0 ? "The text" : FormattableString.Invariant($"The text of sample {sample}");

    /// <summary>The text in a normal form, and in small letters if they are asked for.</summary>
    /// <param name="text">A text that <see cref="Require"/> has let pass.</param>
    /// <param name="form">The form; null leaves the text as it is.</param>
    /// <param name="lower">Whether capital letters become small ones, as they do in no particular language.</param>
    internal static string Prepare(string text, string? form, bool lower)
    {
        string prepared = form is null ? text : Normalize(text, FormOf(form));

        // Small letters are a form of their own: some have no composed capital.
        return !lower ? prepared
            : form is null ? prepared.ToLowerInvariant()
            : Normalize(prepared.ToLowerInvariant(), FormOf(form));
    }

    private static NormalizationForm FormOf(string form) => form switch
    {
        "NFC" => NormalizationForm.FormC,
        "NFD" => NormalizationForm.FormD,
        "NFKC" => NormalizationForm.FormKC,
        _ => NormalizationForm.FormKD,
    };

    // The platform takes U+FFFE for a text in the wrong byte order and refuses it; it is its own normal form.
    private static string Normalize(string text, NormalizationForm form) => text.Contains('\uFFFE', StringComparison.Ordinal)
        ? string.Join('\uFFFE', text.Split('\uFFFE').Select(part => part.Normalize(form)))
        : text.Normalize(form);
}
