namespace Recurrent.Text;

/// <summary>A text that is its tokens, one behind the other.</summary>
internal sealed class JoinedTokens(TextTokenizer tokenizer, bool skipSpecial, string separator) : TokenDecoder
{
    private bool hasBegun;

    /// <inheritdoc/>
    public override string Append(int id)
    {
        string token = tokenizer.TokenOf(id);
        if (skipSpecial && tokenizer.IsSkipped(id))
        {
            return string.Empty;
        }

        string added = hasBegun ? separator + token : token;
        hasBegun = true;
        return added;
    }
}
