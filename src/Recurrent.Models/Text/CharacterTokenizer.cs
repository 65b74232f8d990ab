using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Takes each character of a text for a token.</summary>
/// <remarks>
/// A character is what a reader takes for one, an extended grapheme cluster (Unicode Standard Annex #29): a letter with all its
/// accents, a Hangul syllable, a flag, a family of emoji, a line break of two signs. With <c>unit: "codepoint"</c> it is a code
/// point. Encoding and decoding gives the text again, but for what is unknown and what the normal form changes.
/// </remarks>
/// <example><code>
/// CharacterTokenizer tokenizer = CharacterTokenizer.Learn(texts);
/// int[] ids = tokenizer.Encode("naïve 🏳️‍🌈", addEnd: true);
/// string again = tokenizer.Decode(ids);
/// </code></example>
public sealed class CharacterTokenizer : TextTokenizer
{
    private const string Grapheme = "grapheme";
    private const string CodePoint = "codepoint";

    private readonly TokenizerVocabulary vocabulary;

    /// <summary>Creates a tokenizer of a vocabulary.</summary>
    /// <param name="vocabulary">The characters, without special tokens.</param>
    /// <param name="specialTokens">Tokens that stand for no text; null (the default) for all four.</param>
    /// <param name="unit"><c>"grapheme"</c> (the default) or <c>"codepoint"</c>.</param>
    /// <param name="normalization">
    /// The normal form that texts are brought to first: <c>"NFC"</c>, <c>"NFD"</c>, <c>"NFKC"</c> or <c>"NFKD"</c>; null (the
    /// default) leaves them as they are.
    /// </param>
    /// <param name="lower">Whether capital letters become small ones. Default false.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or a token comes twice or is not one character; the message says which.
    /// </exception>
    public CharacterTokenizer(
        IEnumerable<string> vocabulary,
        SpecialTokens? specialTokens = null,
        string unit = Grapheme,
        string? normalization = null,
        bool lower = false)
        : base(specialTokens ?? SpecialTokens.Default, normalization, lower)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        CheckUnit(unit);
        Unit = unit;
        this.vocabulary = new TokenizerVocabulary(ClassName, vocabulary, SpecialTokens);
        foreach (string token in this.vocabulary.Tokens)
        {
            if (Length(token, 0) != token.Length)
            {
                throw new ArgumentException(
                    $"{ClassName}: the vocabulary has '{ReadableText.Escape(token, keepLines: false)}', which is more than one "
                    + $"character ({unit}).",
                    nameof(vocabulary));
            }
        }
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(CharacterTokenizer);

    /// <summary>What a character is: <c>"grapheme"</c> or <c>"codepoint"</c>.</summary>
    public string Unit { get; }

    /// <summary>The characters by their ids, without special tokens.</summary>
    public IReadOnlyList<string> Vocabulary => vocabulary.Tokens;

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Count;

    /// <summary>Learns the vocabulary of texts: the most frequent characters first.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="specialTokens">Tokens that stand for no text; null (the default) for all four.</param>
    /// <param name="maxTokens">Most ids, special ones included; null (the default) for any number.</param>
    /// <param name="minCount">How often a character must come at least; default 1.</param>
    /// <param name="unit"><c>"grapheme"</c> (the default) or <c>"codepoint"</c>.</param>
    /// <param name="normalization">The normal form; null (the default) for none.</param>
    /// <param name="lower">Whether capital letters become small ones. Default false.</param>
    /// <exception cref="ArgumentException">An option is out of range, a text is no Unicode, or there is no character.</exception>
    public static CharacterTokenizer Learn(
        IEnumerable<string> texts,
        SpecialTokens? specialTokens = null,
        int? maxTokens = null,
        int minCount = 1,
        string unit = Grapheme,
        string? normalization = null,
        bool lower = false)
    {
        ArgumentNullException.ThrowIfNull(texts);
        CheckUnit(unit);
        var empty = new CharacterTokenizer(["a"], SpecialTokens.None, unit, normalization, lower);
        SpecialTokens specials = specialTokens ?? SpecialTokens.Default;
        IEnumerable<string> found = texts.SelectMany((text, sample) =>
        {
            UnicodeText.Require(text, sample, nameof(texts));
            return empty.Split(UnicodeText.Prepare(text, normalization, lower));
        });
        return new(
            TokenizerVocabulary.Learn(nameof(CharacterTokenizer), found, specials, maxTokens, minCount),
            specials,
            unit,
            normalization,
            lower);
    }

    /// <inheritdoc/>
    public override string TokenOf(int id) => vocabulary[id];

    /// <inheritdoc/>
    public override int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return vocabulary.Find(token);
    }

    /// <inheritdoc/>
    public override TokenDecoder StartDecoding(bool skipSpecial = true) => new JoinedTokens(this, skipSpecial, string.Empty);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("unit", Unit);
        config.Add("vocabulary", vocabulary.Tokens);
        return config;
    }

    internal static CharacterTokenizer Read(ConfigReader config) => new(
        config.Strings("vocabulary"),
        ReadSpecialTokens(config),
        config.OptionalString("unit") ?? Grapheme,
        config.OptionalString("normalization"),
        config.Bool("lower", false));

    /// <inheritdoc/>
    protected override void AppendIds(string text, ICollection<int> ids, int sample)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(ids);
        for (int i = 0; i < text.Length;)
        {
            int length = Length(text, i);
            ids.Add(vocabulary.FindText(text.AsSpan(i, length)) ?? UnknownId
                ?? throw Unknown(text.Substring(i, length), i, sample));
            i += length;
        }
    }

    private static void CheckUnit(string unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        new OptionCheck(nameof(CharacterTokenizer)).OneOf(nameof(unit), unit, Grapheme, CodePoint).ThrowIfAny();
    }

    private IEnumerable<string> Split(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int length = Length(text, i);
            yield return text.Substring(i, length);
            i += length;
        }
    }

    private int Length(string text, int start) => Unit == Grapheme
        ? StringInfo.GetNextTextElementLength(text.AsSpan(start))
        : char.IsHighSurrogate(text[start]) ? 2 : 1;
}
