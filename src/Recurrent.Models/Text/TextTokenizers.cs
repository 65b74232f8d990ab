using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>All tokenizers by name.</summary>
public static class TextTokenizers
{
    /// <summary>
    /// The tokenizers, as files name them. Those of the package Recurrent.Tokenizers come as <see cref="CustomObjects"/>.
    /// </summary>
    public static Registry<TextTokenizer> Registry { get; } = new("tokenizer",
    [
        new("CharacterTokenizer", CharacterTokenizer.Read),
        new("WordTokenizer", WordTokenizer.Read),
    ]);
}
