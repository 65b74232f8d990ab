using System.Globalization;
using System.Text;
using Recurrent.Text;

namespace Recurrent.Tokenizers;

/// <summary>
/// A text of pieces: <c>▁</c> is a space, and the one that the encoder puts before the text, or behind it, is none of it. Bytes
/// of a letter wait until it is whole.
/// </summary>
internal sealed class SentencePieceStream(
    SentencePieceTokenizer tokenizer, bool skipSpecial, HashSet<int> bytes, bool hasPrefix, bool hasSuffix) : TokenDecoder
{
    private const char Space = '▁';

    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private bool hasBegun;
    private string pending = string.Empty;

    /// <inheritdoc/>
    public override string Append(int id)
    {
        string token = tokenizer.TokenOf(id);
        if (skipSpecial && tokenizer.IsSkipped(id))
        {
            return string.Empty;
        }

        if (bytes.Contains(id) && token is ['<', '0', 'x', _, _, '>']
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
        {
            return Add(Decode([value], flush: false));
        }

        return Add(Decode([], flush: true) + (tokenizer.IsSpecial(id) ? token : token.Replace(Space, ' ')));
    }

    /// <inheritdoc/>
    public override string Finish() => Add(Decode([], flush: true));

    private string Add(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        if (hasPrefix && !hasSuffix && !hasBegun && text[0] == ' ')
        {
            text = text[1..];
        }

        hasBegun = true;
        text = pending + text;
        bool holds = hasPrefix && hasSuffix && text.EndsWith(' ');
        pending = holds ? " " : string.Empty;
        return holds ? text[..^1] : text;
    }

    private string Decode(byte[] some, bool flush)
    {
        var letters = new char[decoder.GetCharCount(some, flush)];
        return new string(letters, 0, decoder.GetChars(some, letters, flush));
    }
}
