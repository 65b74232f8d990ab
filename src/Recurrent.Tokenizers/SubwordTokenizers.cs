using Recurrent.Registration;

namespace Recurrent.Tokenizers;

/// <summary>The tokenizers of this package, for files that name them.</summary>
/// <example><code>
/// TextTokenizer tokenizer = TextTokenizer.Load("tokenizer.json", SubwordTokenizers.Custom);
/// </code></example>
public static class SubwordTokenizers
{
    /// <summary>All of them, for the argument <c>custom</c> of whatever reads a file.</summary>
    public static CustomObjects Custom => AddTo(new CustomObjects());

    /// <summary>Adds them to components of one's own.</summary>
    /// <param name="custom">The components; they receive the tokenizers.</param>
    /// <returns>The same list.</returns>
    /// <exception cref="ArgumentException">One of the names is there already.</exception>
    public static CustomObjects AddTo(CustomObjects custom)
    {
        ArgumentNullException.ThrowIfNull(custom);
        return custom
            .Add(nameof(BytePairTokenizer), BytePairTokenizer.Read)
            .Add(nameof(WordPieceTokenizer), WordPieceTokenizer.Read)
            .Add(nameof(SentencePieceTokenizer), SentencePieceTokenizer.Read);
    }
}
