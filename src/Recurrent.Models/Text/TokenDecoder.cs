namespace Recurrent.Text;

/// <summary>A text whose tokens come one by one, as a language model gives them: it says what each adds to the text.</summary>
/// <remarks>Belongs to one text and one thread. What all calls give, put together, is what <c>Decode</c> gives.</remarks>
public abstract class TokenDecoder
{
    /// <summary>What a token adds to the text; it may be empty, where a letter is not complete yet.</summary>
    /// <param name="id">The id of the token.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public abstract string Append(int id);

    /// <summary>What is left when no token comes any more; empty but for letters that were never completed.</summary>
    public virtual string Finish() => string.Empty;
}
