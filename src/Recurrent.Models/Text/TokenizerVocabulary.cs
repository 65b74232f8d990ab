using System.Globalization;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Tokens and their ids, special ones in front.</summary>
internal sealed class TokenizerVocabulary
{
    private readonly Dictionary<string, int> ids;
    private readonly string[] tokens;
    private readonly int specialCount;

    /// <summary>Takes the tokens.</summary>
    /// <param name="owner">Who has them, for messages.</param>
    /// <param name="vocabulary">The tokens, without special ones.</param>
    /// <param name="specials">The special tokens.</param>
    /// <exception cref="ArgumentException">A token comes twice, is empty, special, or no Unicode; or there is none.</exception>
    public TokenizerVocabulary(string owner, IEnumerable<string> vocabulary, SpecialTokens specials)
    {
        string[] first = specials.InOrder;
        specialCount = first.Length;
        tokens = [.. first, .. vocabulary];
        if (tokens.Length == specialCount)
        {
            throw new ArgumentException($"{owner}: the vocabulary is empty. Give it one token at least.", nameof(vocabulary));
        }

        if (tokens.Length > TokenIds.Most)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{owner}: the vocabulary has {tokens.Length} tokens, and at most {TokenIds.Most} are possible."),
                nameof(vocabulary));
        }

        ids = new(tokens.Length, StringComparer.Ordinal);
        for (int i = 0; i < tokens.Length; i++)
        {
            int place = i - specialCount;
            string? problem = string.IsNullOrEmpty(tokens[i]) ? "is empty"
                : UnicodeText.FirstHalf(tokens[i]) >= 0 ? "has half of a surrogate pair"
                : !ids.TryAdd(tokens[i], i)
                    ? $"is '{ReadableText.Escape(tokens[i], keepLines: false)}', which is there already"
                    + (ids[tokens[i]] < specialCount ? " as a special token" : string.Empty)
                : null;
            if (problem is not null)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"{owner}: vocabulary[{place}] {problem}. Give each token once."),
                    nameof(vocabulary));
            }
        }
    }

    /// <summary>Number of ids.</summary>
    public int Count => tokens.Length;

    /// <summary>The tokens without special ones.</summary>
    public IReadOnlyList<string> Tokens => tokens.AsSpan(specialCount).ToArray();

    /// <summary>The token of an id.</summary>
    public string this[int id] => id >= 0 && id < tokens.Length ? tokens[id] : throw new ArgumentOutOfRangeException(
        nameof(id), id, string.Create(CultureInfo.InvariantCulture, $"Ids are 0 to {tokens.Length - 1}."));

    /// <summary>The id of a token; null where it is not there.</summary>
    public int? Find(string token) => ids.TryGetValue(token, out int id) ? id : null;

    /// <summary>The id of what is a text; null where it is not there. Special tokens are no text.</summary>
    public int? FindText(ReadOnlySpan<char> text) =>
        ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int id) && id >= specialCount ? id : null;

    /// <summary>The most frequent of tokens, equally frequent ones in the order of their code points.</summary>
    /// <param name="owner">Who learns, for messages.</param>
    /// <param name="found">Tokens as they come.</param>
    /// <param name="specials">Special tokens, which count among the most.</param>
    /// <param name="maxTokens">Most ids, special ones included; null for any number.</param>
    /// <param name="minCount">How often a token must come at least.</param>
    public static string[] Learn(
        string owner, IEnumerable<string> found, SpecialTokens specials, int? maxTokens, int minCount)
    {
        string[] first = specials.InOrder;
        new OptionCheck(owner)
            .Require(
                maxTokens is null || maxTokens > first.Length,
                FormattableString.Invariant(
                    $"maxTokens must be above the number of special tokens, {first.Length}, but is {maxTokens}"),
                nameof(maxTokens))
            .Positive(nameof(minCount), minCount)
            .ThrowIfAny();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string token in found)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, token, out _)++;
        }

        string[] learnt =
        [
            .. counts.Where(pair => pair.Value >= minCount && !first.Contains(pair.Key))
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, CodePointOrder)
                .Select(pair => pair.Key)
                .Take((maxTokens ?? int.MaxValue) - first.Length),
        ];
        return learnt.Length > 0 ? learnt : throw new ArgumentException(
            $"{owner} can learn no vocabulary: the texts have no token"
            + (minCount > 1 ? FormattableString.Invariant($" that comes {minCount} times. Lower minCount.") : ". Give texts."));
    }

    /// <summary>Texts as UTF-8 sorts, not UTF-16: by their code points.</summary>
    internal static Comparer<string> CodePointOrder { get; } = Comparer<string>.Create(static (a, b) =>
    {
        for (int i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] != b[i])
            {
                return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i]) ? a[i] - b[i] : char.IsSurrogate(a[i]) ? 1 : -1;
            }
        }

        return a.Length - b.Length;
    });
}
