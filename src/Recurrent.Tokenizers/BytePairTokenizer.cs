using System.Text.RegularExpressions;
using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Text;
using ML = Microsoft.ML.Tokenizers;

namespace Recurrent.Tokenizers;

/// <summary>Byte-pair encoding over bytes: frequent parts of words are tokens, and nothing is unknown.</summary>
/// <remarks>
/// <para>
/// A text is split into words with the space before them, marks, numbers and white space; each is taken for bytes of UTF-8, and
/// pairs of neighbours are joined in the order in which they were learnt. Since every byte is a token, any text comes back as it
/// was. Sennrich et al. 2016; over bytes, Radford et al. 2019. In the vocabulary each byte is written as a letter, <c>Ġ</c> for a
/// space, as GPT-2's files have it.
/// </para>
/// <para>Encoding is done by Microsoft.ML.Tokenizers; learning is this library's, and gives the same on every machine.</para>
/// </remarks>
/// <example><code>
/// BytePairTokenizer tokenizer = BytePairTokenizer.Learn(texts, vocabularySize: 4000);
/// BytePairTokenizer gpt2 = BytePairTokenizer.FromFiles("vocab.json", "merges.txt", new(null, null, null,
/// "&lt;|endoftext|&gt;"));
/// </code></example>
public sealed partial class BytePairTokenizer : SubwordTokenizer
{
    private const string AnyScript = "any";
    private const string Gpt2 = "gpt2";

    private readonly (string First, string Second)[] merges;
    private readonly ML.BpeTokenizer encoder;

    /// <summary>Creates a tokenizer of a vocabulary and what is joined to what.</summary>
    /// <param name="vocabulary">The tokens by their ids, special ones included; among them a letter for each byte.</param>
    /// <param name="merges">Pairs of tokens that are joined, in order; each makes a token of the vocabulary.</param>
    /// <param name="specialTokens">Tokens that stand for no text; null (the default) for all four.</param>
    /// <param name="pattern">
    /// How texts are split: <c>"any"</c> (the default), where accents and vowel signs stay with their letters in all scripts, or
    /// <c>"gpt2"</c>, as GPT-2 and RoBERTa do.
    /// </param>
    /// <param name="normalization">The normal form that texts are brought to first; null (the default) for none.</param>
    /// <param name="lower">Whether capital letters become small ones. Default false.</param>
    /// <exception cref="ArgumentException">
    /// A token comes twice, a byte has no token, or a pair makes none of the vocabulary; the message says which.
    /// </exception>
    public BytePairTokenizer(
        IEnumerable<string> vocabulary,
        IEnumerable<(string First, string Second)> merges,
        SpecialTokens? specialTokens = null,
        string pattern = AnyScript,
        string? normalization = null,
        bool lower = false)
        : base(vocabulary, specialTokens ?? SpecialTokens.Default, normalization, lower)
    {
        ArgumentNullException.ThrowIfNull(merges);
        ArgumentNullException.ThrowIfNull(pattern);
        Check(ClassName, pattern);
        Pattern = pattern;
        this.merges = [.. merges];
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            if (IdOf(ByteLetters.Letter((byte)value).ToString()) is not { } id || IsSpecial(id))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"{ClassName}: the vocabulary has no token for the byte {value}, '{ByteLetters.Letter((byte)value)}'."),
                    nameof(vocabulary));
            }
        }

        for (int i = 0; i < this.merges.Length; i++)
        {
            (string first, string second) = this.merges[i];
            string? missing = Array.Find((string[])[first, second, first + second], token =>
                token is null || IdOf(token) is not { } id || IsSpecial(id));
            if (first is null || second is null || missing is not null)
            {
                throw new ArgumentException(FormattableString.Invariant($"{ClassName}: merges[{i}] has or makes ")
                    + $"'{UnicodeTokens.Show(missing ?? "null")}', which is no token of the vocabulary.", nameof(merges));
            }
        }

        encoder = ML.BpeTokenizer.Create(new ML.BpeOptions(
            Vocabulary.Select((token, id) => KeyValuePair.Create(token, id)).Where(pair => !IsSpecial(pair.Value)))
        {
            Merges = [.. this.merges.Select(pair => $"{pair.First} {pair.Second}")],
            ByteLevel = true,
            PreTokenizer = new ML.RegexPreTokenizer(SplitterOf(pattern), null),
        });
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(BytePairTokenizer);

    /// <summary>How texts are split: <c>"any"</c> or <c>"gpt2"</c>.</summary>
    public string Pattern { get; }

    /// <summary>Pairs of tokens that are joined, in order.</summary>
    public IReadOnlyList<(string First, string Second)> Merges => merges;

    /// <summary>Learns what to join: again and again the most frequent pair of neighbours.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="vocabularySize">
    /// Number of ids: special tokens, 256 bytes and what is joined; fewer where no pair comes <paramref name="minCount"/> times.
    /// </param>
    /// <param name="minCount">How often a pair must come at least; default 2.</param>
    /// <param name="specialTokens">Tokens that stand for no text; null (the default) for all four, ids 0 to 3.</param>
    /// <param name="pattern">How texts are split: <c>"any"</c> (the default) or <c>"gpt2"</c>.</param>
    /// <param name="normalization">The normal form; null (the default) for none.</param>
    /// <param name="lower">Whether capital letters become small ones. Default false.</param>
    /// <exception cref="ArgumentException">An option is out of range, a text is no Unicode, or there is no text.</exception>
    public static BytePairTokenizer Learn(
        IEnumerable<string> texts,
        int vocabularySize = 8000,
        int minCount = 2,
        SpecialTokens? specialTokens = null,
        string pattern = AnyScript,
        string? normalization = null,
        bool lower = false)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(pattern);
        SpecialTokens specials = specialTokens ?? SpecialTokens.Default;
        string[] first = [.. ((string?[])[specials.Pad, specials.Unknown, specials.Start, specials.End]).OfType<string>()];
        int least = first.Length + byte.MaxValue + 1;
        new OptionCheck(nameof(BytePairTokenizer))
            .Require(
                vocabularySize >= least,
                FormattableString.Invariant(
                    $"vocabularySize must be at least {least}, for special tokens and bytes, but is {vocabularySize}"),
                nameof(vocabularySize))
            .Positive(nameof(minCount), minCount)
            .OneOf(nameof(pattern), pattern, AnyScript, Gpt2)
            .ThrowIfAny();
        Regex splitter = SplitterOf(pattern);
        IEnumerable<string> words = texts.SelectMany((text, sample) =>
        {
            UnicodeText.Require(text, sample, nameof(texts));
            return splitter.Matches(UnicodeText.Prepare(text, normalization, lower)).Select(match => match.Value);
        });
        BytePairLearner learner = BytePairLearner.Learn(words, vocabularySize - least, minCount);
        return new([.. first, .. learner.Tokens], learner.Merges, specials, pattern, normalization, lower);
    }

    /// <summary>Reads a tokenizer of the files that GPT-2, RoBERTa and others come with.</summary>
    /// <param name="vocabularyPath">The vocabulary as JSON, tokens and ids: <c>vocab.json</c>.</param>
    /// <param name="mergesPath">A pair of tokens a line: <c>merges.txt</c>; lines that begin with <c>#version</c> are passed
    /// over.</param>
    /// <param name="specialTokens">
    /// Tokens that stand for no text, of those in the vocabulary; null (the default) for none.
    /// </param>
    /// <param name="limits">How large a file may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The files are not those of a tokenizer over bytes.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BytePairTokenizer FromFiles(
        string vocabularyPath, string mergesPath, SpecialTokens? specialTokens = null, ReadLimits? limits = null)
    {
        IReadOnlyList<string> vocabulary = TokenizerFile.ReadIds(vocabularyPath, limits);
        (string, string)[] pairs = TokenizerFile.ReadPairs(mergesPath, limits);
        return TokenizerFile.Make(
            vocabularyPath, () => new BytePairTokenizer(vocabulary, pairs, specialTokens ?? SpecialTokens.None, Gpt2));
    }

    /// <inheritdoc/>
    public override TokenDecoder StartDecoding(bool skipSpecial = true) => new ByteStream(this, skipSpecial, BytesOf);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("pattern", Pattern);
        config.Add("vocabulary", Vocabulary);
        config.Add("merges", merges.Select(pair => $"{pair.First} {pair.Second}"));
        return config;
    }

    internal static BytePairTokenizer Read(ConfigReader config) => new(
        config.Strings("vocabulary"),
        config.Strings("merges").Select((pair, i) => pair.Split(' ') is [var first, var second] ? (first, second)
            : throw new ConfigException(FormattableString.Invariant(
                $"{config.Owner}: merges[{i}] must be two tokens with a space between them."))
            { Option = "merges" }),
        ReadSpecialTokens(config),
        config.OptionalString("pattern") ?? AnyScript,
        config.OptionalString("normalization"),
        config.Bool("lower", false));

    /// <inheritdoc/>
    protected override void AppendIds(string text, ICollection<int> ids, int sample)
    {
        ArgumentNullException.ThrowIfNull(ids);
        foreach (int id in encoder.EncodeToIds(text))
        {
            ids.Add(id);
        }
    }

    private static void Check(string owner, string pattern) =>
        new OptionCheck(owner).OneOf(nameof(pattern), pattern, AnyScript, Gpt2).ThrowIfAny();

    private static Regex SplitterOf(string pattern) => pattern == Gpt2 ? AsGpt2() : OfAnyScript();

    private static byte[]? BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (ByteLetters.Value(token[i]) is not { } value)
            {
                return null;
            }

            bytes[i] = value;
        }

        return bytes;
    }

    // Letters with their marks, numbers, other signs, each with the space before them; white space but for the last of it.
    [GeneratedRegex(@" ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex OfAnyScript();

    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex AsGpt2();
}
