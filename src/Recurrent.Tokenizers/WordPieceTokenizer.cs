using System.Globalization;
using System.Text;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Text;
using ML = Microsoft.ML.Tokenizers;

namespace Recurrent.Tokenizers;

/// <summary>
/// Word pieces: each word is taken apart into the longest parts that the vocabulary has, from its beginning on.
/// </summary>
/// <remarks>
/// Texts are split at white space, at punctuation and around ideographs; control characters are left out. Parts that go on with a
/// word begin with <c>##</c>. A word that cannot be taken apart is the unknown token. Decoding puts a space before each part that
/// begins a word, so that spaces around punctuation do not come back. Schuster and Nakajima 2012, as BERT uses it; encoding is
/// done by Microsoft.ML.Tokenizers.
/// </remarks>
/// <example><code>
/// WordPieceTokenizer bert = WordPieceTokenizer.FromFile("vocab.txt", lower: true);
/// int[] ids = bert.Encode("Unaffable!", addStart: true, addEnd: true);   // [CLS] una ##ffa ##ble ! [SEP]
/// </code></example>
public sealed class WordPieceTokenizer : SubwordTokenizer
{
    private const string Prefix = "##";
    private const int Longest = 100;

    private readonly ML.WordPieceTokenizer encoder;

    /// <summary>Creates a tokenizer of a vocabulary.</summary>
    /// <param name="vocabulary">The parts by their ids, special tokens included.</param>
    /// <param name="specialTokens">
    /// Tokens that stand for no text; null (the default) for <c>[PAD]</c>, <c>[UNK]</c>, <c>[CLS]</c> and <c>[SEP]</c>. There
    /// must be an unknown one.
    /// </param>
    /// <param name="lower">Whether capital letters become small ones. Default false.</param>
    /// <param name="stripAccents">
    /// Whether letters lose their accents; null (the default) where they become small, as in BERT.
    /// </param>
    /// <param name="maxCharactersPerWord">Longer words are unknown. Default 100.</param>
    /// <param name="normalization">The normal form that texts are brought to first; null (the default) for none.</param>
    /// <exception cref="ArgumentException">
    /// A token comes twice, has white space inside, or a special one is missing; the message says which.
    /// </exception>
    public WordPieceTokenizer(
        IEnumerable<string> vocabulary,
        SpecialTokens? specialTokens = null,
        bool lower = false,
        bool? stripAccents = null,
        int maxCharactersPerWord = Longest,
        string? normalization = null)
        : base(vocabulary, specialTokens ?? new("[PAD]", "[UNK]", "[CLS]", "[SEP]"), normalization, lower)
    {
        string? spaced = Vocabulary.FirstOrDefault(token => token.Any(char.IsWhiteSpace));
        new OptionCheck(ClassName)
            .Positive(nameof(maxCharactersPerWord), maxCharactersPerWord)
            .Require(UnknownId is not null, "there must be an unknown token, for words without parts", nameof(specialTokens))
            .Require(
                spaced is null,
                $"the vocabulary has '{UnicodeTokens.Show(spaced ?? string.Empty)}', but no part has white space inside",
                nameof(vocabulary))
            .ThrowIfAny();
        StripAccents = stripAccents ?? lower;
        MaxCharactersPerWord = maxCharactersPerWord;
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary)));
        encoder = ML.WordPieceTokenizer.Create(lines, new ML.WordPieceOptions
        {
            UnknownToken = SpecialTokens.Unknown!,
            ContinuingSubwordPrefix = Prefix,
            MaxInputCharsPerWord = maxCharactersPerWord,
            PreTokenizer = new BertWords(),
        });
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(WordPieceTokenizer);

    /// <summary>Whether letters lose their accents.</summary>
    public bool StripAccents { get; }

    /// <summary>Longer words are unknown.</summary>
    public int MaxCharactersPerWord { get; }

    /// <summary>Reads a vocabulary with one part a line, as BERT's <c>vocab.txt</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lower">Whether capital letters become small ones, as in uncased models. Default false.</param>
    /// <param name="specialTokens">Tokens that stand for no text; null (the default) for BERT's.</param>
    /// <param name="limits">How large the file may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The file is no such vocabulary.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WordPieceTokenizer FromFile(
        string path, bool lower = false, SpecialTokens? specialTokens = null, ReadLimits? limits = null)
    {
        string[] tokens = TokenizerFile.ReadLines(path, limits);
        return TokenizerFile.Make(path, () => new WordPieceTokenizer(tokens, specialTokens, lower));
    }

    /// <inheritdoc/>
    public override TokenDecoder StartDecoding(bool skipSpecial = true) => new Pieces(this, skipSpecial);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("strip_accents", StripAccents);
        config.Add("max_characters_per_word", MaxCharactersPerWord);
        config.Add("vocabulary", Vocabulary);
        return config;
    }

    internal static WordPieceTokenizer Read(ConfigReader config)
    {
        bool lower = config.Bool("lower", false);
        return new(
            config.Strings("vocabulary"),
            ReadSpecialTokens(config),
            lower,
            config.Bool("strip_accents", lower),
            config.Int("max_characters_per_word", Longest),
            config.OptionalString("normalization"));
    }

    /// <inheritdoc/>
    protected override void AppendIds(string text, ICollection<int> ids, int sample)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(ids);
        foreach (int id in encoder.EncodeToIds(Clean(StripAccents ? WithoutAccents(text) : text)))
        {
            ids.Add(id);
        }
    }

    private static string WithoutAccents(string text) => string.Concat(
        UnicodeText.Prepare(text, "NFD", lower: false).EnumerateRunes()
            .Where(rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            .Select(rune => rune.ToString()));

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isSpace = Rune.IsWhiteSpace(rune);
            if (isSpace || (rune.Value != 0xFFFD
                && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format)))
            {
                clean.Append(isSpace ? " " : rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>Parts that begin a word have a space before them.</summary>
    private sealed class Pieces(WordPieceTokenizer tokenizer, bool skipSpecial) : TokenDecoder
    {
        private bool hasBegun;

        public override string Append(int id)
        {
            string token = tokenizer.TokenOf(id);
            if (skipSpecial && tokenizer.IsSkipped(id))
            {
                return string.Empty;
            }

            bool goesOn = token.StartsWith(Prefix, StringComparison.Ordinal) && token.Length > Prefix.Length;
            string added = goesOn ? token[Prefix.Length..] : hasBegun ? $" {token}" : token;
            hasBegun = true;
            return added;
        }
    }
}
