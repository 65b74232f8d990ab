using Recurrent.Text;

namespace Recurrent.Tokenizers;

/// <summary>
/// A tokenizer of parts of words, whose special tokens have the ids that its vocabulary gives them, wherever they stand.
/// </summary>
public abstract class SubwordTokenizer : TextTokenizer
{
    private readonly string[] tokens;
    private readonly Dictionary<string, int> ids;
    private readonly HashSet<int> special;

    private protected SubwordTokenizer(
        IEnumerable<string> vocabulary,
        SpecialTokens specialTokens,
        string? normalization,
        bool lower,
        IEnumerable<int>? furtherSpecial = null)
        : base(specialTokens, normalization, lower)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        tokens = [.. vocabulary];
        ids = new(tokens.Length, StringComparer.Ordinal);
        for (int i = 0; i < tokens.Length; i++)
        {
            string? problem = string.IsNullOrEmpty(tokens[i]) ? "is empty"
                : UnicodeTokens.HasHalf(tokens[i]) ? "has half of a surrogate pair"
                : !ids.TryAdd(tokens[i], i) ? $"is '{UnicodeTokens.Show(tokens[i])}', which is there already" : null;
            if (problem is not null)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"{ClassName}: vocabulary[{i}] {problem}. Give each token once."),
                    nameof(vocabulary));
            }
        }

        PadId = IdOfSpecial(specialTokens.Pad);
        UnknownId = IdOfSpecial(specialTokens.Unknown);
        StartId = IdOfSpecial(specialTokens.Start);
        EndId = IdOfSpecial(specialTokens.End);
        special = [.. ((int?[])[PadId, UnknownId, StartId, EndId]).OfType<int>(), .. furtherSpecial ?? []];
    }

    /// <inheritdoc/>
    public sealed override int VocabularySize => tokens.Length;

    /// <summary>The tokens by their ids, special ones included.</summary>
    public IReadOnlyList<string> Vocabulary => tokens;

    /// <inheritdoc/>
    public sealed override int? PadId { get; }

    /// <inheritdoc/>
    public sealed override int? UnknownId { get; }

    /// <inheritdoc/>
    public sealed override int? StartId { get; }

    /// <inheritdoc/>
    public sealed override int? EndId { get; }

    /// <inheritdoc/>
    public sealed override bool IsSpecial(int id) => special.Contains(id);

    /// <inheritdoc/>
    public sealed override string TokenOf(int id) => id >= 0 && id < tokens.Length ? tokens[id]
        : throw new ArgumentOutOfRangeException(
            nameof(id), id, FormattableString.Invariant($"Ids are 0 to {tokens.Length - 1}."));

    /// <inheritdoc/>
    public sealed override int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return ids.TryGetValue(token, out int id) ? id : null;
    }

    private int? IdOfSpecial(string? token) => token is null ? null : ids.TryGetValue(token, out int id) ? id
        : throw new ArgumentException(
            $"{ClassName}: the special token '{UnicodeTokens.Show(token)}' is not in the vocabulary. Name those that are, and "
            + "give null for those that are not.");
}
