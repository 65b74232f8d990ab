using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Takes each word of a text for a token.</summary>
/// <remarks>
/// <para>
/// With <c>split: "whitespace"</c> (the default) a word is what stands between white space, its punctuation included, and
/// decoding puts one space between words. With <c>split: "words"</c> words, punctuation marks and white space are tokens of
/// their own, one behind the other, so that decoding gives the text again.
/// </para>
/// <para>
/// There a word is a run of letters of any script with their accents, of digits and of underscores, with apostrophes and
/// points inside (<c>can't</c>, <c>3.14</c>); an ideograph or a Hiragana sign is a word by itself, since those scripts have no
/// spaces. Everything else is a token for each grapheme cluster, and white space one for each run.
/// </para>
/// </remarks>
/// <example><code>
/// WordTokenizer tokenizer = WordTokenizer.Learn(texts, lower: true, maxTokens: 20_000);
/// int[][] x = tokenizer.EncodeAll(texts);   // as Fit takes them
/// </code></example>
public sealed class WordTokenizer : TextTokenizer
{
    private readonly TokenizerVocabulary vocabulary;

    /// <summary>Creates a tokenizer of a vocabulary.</summary>
    /// <param name="vocabulary">The words, without special tokens.</param>
    /// <param name="specialTokens">Tokens that stand for no text; null (the default) for all four.</param>
    /// <param name="split"><c>"whitespace"</c> (the default) or <c>"words"</c>.</param>
    /// <param name="normalization">
    /// The normal form that texts are brought to first: <c>"NFC"</c>, <c>"NFD"</c>, <c>"NFKC"</c> or <c>"NFKD"</c>; null (the
    /// default) leaves them as they are.
    /// </param>
    /// <param name="lower">Whether capital letters become small ones. Default false.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a token comes twice; the message says which.</exception>
    public WordTokenizer(
        IEnumerable<string> vocabulary,
        SpecialTokens? specialTokens = null,
        string split = WordSplitter.Whitespace,
        string? normalization = null,
        bool lower = false)
        : base(specialTokens ?? SpecialTokens.Default, normalization, lower)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        WordSplitter.Check(ClassName, split);
        Split = split;
        this.vocabulary = new TokenizerVocabulary(ClassName, vocabulary, SpecialTokens);
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(WordTokenizer);

    /// <summary>How texts are split: <c>"whitespace"</c> or <c>"words"</c>.</summary>
    public string Split { get; }

    /// <summary>The words by their ids, without special tokens.</summary>
    public IReadOnlyList<string> Vocabulary => vocabulary.Tokens;

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Count;

    /// <summary>Learns the vocabulary of texts: the most frequent words first.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="specialTokens">Tokens that stand for no text; null (the default) for all four.</param>
    /// <param name="maxTokens">Most ids, special ones included; null (the default) for any number.</param>
    /// <param name="minCount">How often a word must come at least; default 1.</param>
    /// <param name="split"><c>"whitespace"</c> (the default) or <c>"words"</c>.</param>
    /// <param name="normalization">The normal form; null (the default) for none.</param>
    /// <param name="lower">Whether capital letters become small ones. Default false.</param>
    /// <exception cref="ArgumentException">An option is out of range, a text is no Unicode, or there is no word.</exception>
    public static WordTokenizer Learn(
        IEnumerable<string> texts,
        SpecialTokens? specialTokens = null,
        int? maxTokens = null,
        int minCount = 1,
        string split = WordSplitter.Whitespace,
        string? normalization = null,
        bool lower = false)
    {
        ArgumentNullException.ThrowIfNull(texts);
        WordSplitter.Check(nameof(WordTokenizer), split);
        var empty = new WordTokenizer(["a"], SpecialTokens.None, split, normalization, lower);
        SpecialTokens specials = specialTokens ?? SpecialTokens.Default;
        IEnumerable<string> found = texts.SelectMany((text, sample) =>
        {
            UnicodeText.Require(text, sample, nameof(texts));
            string prepared = UnicodeText.Prepare(text, normalization, lower);
            return WordSplitter.Split(prepared, empty.Split).Select(range => prepared[range]);
        });
        return new(
            TokenizerVocabulary.Learn(nameof(WordTokenizer), found, specials, maxTokens, minCount),
            specials,
            split,
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
    public override TokenDecoder StartDecoding(bool skipSpecial = true) =>
        new JoinedTokens(this, skipSpecial, Split == WordSplitter.Whitespace ? " " : string.Empty);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("split", Split);
        config.Add("vocabulary", vocabulary.Tokens);
        return config;
    }

    internal static WordTokenizer Read(ConfigReader config) => new(
        config.Strings("vocabulary"),
        ReadSpecialTokens(config),
        config.OptionalString("split") ?? WordSplitter.Whitespace,
        config.OptionalString("normalization"),
        config.Bool("lower", false));

    /// <inheritdoc/>
    protected override void AppendIds(string text, ICollection<int> ids, int sample)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(ids);
        foreach (Range range in WordSplitter.Split(text, Split))
        {
            ids.Add(vocabulary.FindText(text.AsSpan()[range]) ?? UnknownId
                ?? throw Unknown(text[range], range.Start.Value, sample));
        }
    }
}
