using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>All tokenizers by name.</summary>
public static class TextTokenizers
{
    private static readonly string[] Subwords = ["BytePairTokenizer", "WordPieceTokenizer", "SentencePieceTokenizer"];

    /// <summary>
    /// The tokenizers, as files name them. Those of the package Recurrent.Tokenizers come as <see cref="CustomObjects"/>.
    /// </summary>
    public static Registry<TextTokenizer> Registry { get; } = new("tokenizer",
    [
        new("CharacterTokenizer", CharacterTokenizer.Read),
        new("WordTokenizer", WordTokenizer.Read),
    ])
    {
        Elsewhere = name => Subwords.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? "It is in the package Recurrent.Tokenizers: reference it, and give custom: SubwordTokenizers.Custom to the method "
                + "that reads the file."
            : null,
    };
}
