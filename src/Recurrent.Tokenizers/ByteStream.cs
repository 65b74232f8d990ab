using System.Text;
using Recurrent.Text;

namespace Recurrent.Tokenizers;

/// <summary>A text whose tokens are bytes: what is no whole letter yet waits for the rest of it.</summary>
internal sealed class ByteStream(SubwordTokenizer tokenizer, bool skipSpecial, Func<string, byte[]?> bytesOf) : TokenDecoder
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <inheritdoc/>
    public override string Append(int id)
    {
        string token = tokenizer.TokenOf(id);
        if (skipSpecial && tokenizer.IsSkipped(id))
        {
            return string.Empty;
        }

        return tokenizer.IsSpecial(id) || bytesOf(token) is not { } bytes ? Finish() + token : Decode(bytes, flush: false);
    }

    /// <inheritdoc/>
    public override string Finish() => Decode([], flush: true);

    private string Decode(byte[] bytes, bool flush)
    {
        var letters = new char[decoder.GetCharCount(bytes, flush)];
        return new string(letters, 0, decoder.GetChars(bytes, letters, flush));
    }
}
