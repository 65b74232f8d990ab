using System.Text;
using ML = Microsoft.ML.Tokenizers;

namespace Recurrent.Tokenizers;

/// <summary>Splits as BERT does: at white space, around each punctuation mark and each ideograph.</summary>
internal sealed class BertWords : ML.PreTokenizer
{
    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Split(text);
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Split(text.ToString());

    private static IEnumerable<(int Offset, int Length)> Split(string text)
    {
        int start = -1;
        for (int i = 0; i < text.Length;)
        {
            Rune rune = Rune.GetRuneAt(text, i);
            bool alone = IsMark(rune) || IsIdeograph(rune.Value);
            bool isSpace = Rune.IsWhiteSpace(rune);
            if ((alone || isSpace) && start >= 0)
            {
                yield return (start, i - start);
                start = -1;
            }

            if (alone)
            {
                yield return (i, rune.Utf16SequenceLength);
            }
            else if (!isSpace && start < 0)
            {
                start = i;
            }

            i += rune.Utf16SequenceLength;
        }

        if (start >= 0)
        {
            yield return (start, text.Length - start);
        }
    }

    // All of ASCII that is no letter, digit or space counts, as $ and ^ do.
    private static bool IsMark(Rune rune) =>
        rune.IsAscii ? rune.Value > ' ' && !Rune.IsLetterOrDigit(rune) && !Rune.IsControl(rune) : Rune.IsPunctuation(rune);

    private static bool IsIdeograph(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
