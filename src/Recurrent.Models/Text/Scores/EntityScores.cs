using System.Globalization;
using System.Text;

namespace Recurrent.Text;

/// <summary>
/// How well spans are found that tags mark, such as named entities: by whole spans, as CoNLL's shared tasks score.
/// </summary>
/// <remarks>
/// A span is right where its type, its first and its last token are. Tags are <c>O</c> or a letter, a hyphen and a type
/// (<c>B-PER</c>): B begins a span, I is inside one, E (or L) ends one, S (or U) is one by itself. Leniently, as conlleval reads
/// them, a span may also begin with I, or where the type changes, so IOB1, IOB2, IOBES and BILOU are all understood. Strictly,
/// what does not begin with B or S, or with E and S in use does not end as it must, is no span.
/// </remarks>
/// <example><code>
/// EntityScores scores = EntityScores.Of(actual: [["B-PER", "I-PER", "O"]], predicted: [["B-PER", "O", "O"]]);
/// </code></example>
public sealed class EntityScores
{
    private EntityScores(
        EntityScore all, IReadOnlyDictionary<string, EntityScore> byType, double accuracy, int tokens)
    {
        All = all;
        ByType = byType;
        TokenAccuracy = accuracy;
        Tokens = tokens;
    }

    /// <summary>All types together (micro mean): what papers call F1.</summary>
    public EntityScore All { get; }

    /// <summary>Each type, by name.</summary>
    public IReadOnlyDictionary<string, EntityScore> ByType { get; }

    /// <summary>Share of tags that are right, <c>O</c> included.</summary>
    public double TokenAccuracy { get; }

    /// <summary>Number of tags.</summary>
    public int Tokens { get; }

    /// <summary>F1 of all types together.</summary>
    public double F1 => All.F1;

    /// <summary>Mean of the types' F1, each counting the same.</summary>
    public double MacroF1 => ByType.Count == 0 ? 0 : ByType.Values.Average(type => type.F1);

    /// <summary>Scores sequences of tags.</summary>
    /// <param name="actual">The tags that are right.</param>
    /// <param name="predicted">The tags that a model gives.</param>
    /// <param name="strict">Whether spans must begin (and, with E and S in use, end) as they should. Default false.</param>
    /// <exception cref="ArgumentException">
    /// There are none, or not as many of both, sequences differ in length, or something is no tag; the message says where.
    /// </exception>
    public static EntityScores Of(
        IEnumerable<IReadOnlyList<string>> actual, IEnumerable<IReadOnlyList<string>> predicted, bool strict = false)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        IReadOnlyList<string>[] right = [.. actual];
        IReadOnlyList<string>[] given = [.. predicted];
        ScoreText.RequireAlike(right.Length, given.Length, nameof(actual), nameof(predicted));
        ScoreText.RequireAll(right, nameof(actual));
        ScoreText.RequireAll(given, nameof(predicted));
        var types = new SortedDictionary<string, (int Right, int Found, int Actual)>(StringComparer.Ordinal);
        bool ends = right.Concat(given).Any(tags => tags.Any(EntityTag.Ends));
        int tokens = 0;
        int same = 0;
        for (int i = 0; i < right.Length; i++)
        {
            if (right[i].Count != given[i].Count)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Sequence {i} has {right[i].Count} tags, but {given[i].Count} were predicted."), nameof(predicted));
            }

            HashSet<EntitySpan> spans = [.. EntitySpan.Of(right[i], i, strict, ends, nameof(actual))];
            EntitySpan[] found = [.. EntitySpan.Of(given[i], i, strict, ends, nameof(predicted))];
            foreach (EntitySpan span in spans)
            {
                (int hits, int all, int count) = types.GetValueOrDefault(span.Type);
                types[span.Type] = (hits, all, count + 1);
            }

            foreach (EntitySpan span in found)
            {
                (int hits, int all, int count) = types.GetValueOrDefault(span.Type);
                types[span.Type] = (hits + (spans.Contains(span) ? 1 : 0), all + 1, count);
            }

            tokens += right[i].Count;
            same += right[i].Zip(given[i]).Count(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
        }

        return new(
            new(
                types.Values.Sum(type => type.Right),
                types.Values.Sum(type => type.Found),
                types.Values.Sum(type => type.Actual)),
            types.ToDictionary(type => type.Key, type => new EntityScore(type.Value.Right, type.Value.Found, type.Value.Actual)),
            ScoreText.Part(same, tokens),
            tokens);
    }

    /// <summary>The spans that tags mark.</summary>
    /// <param name="tags">The tags of a sequence.</param>
    /// <param name="strict">Whether spans must begin (and, with E and S in use, end) as they should. Default false.</param>
    /// <exception cref="ArgumentException">Something is no tag.</exception>
    public static IReadOnlyList<EntitySpan> SpansOf(IReadOnlyList<string> tags, bool strict = false)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return [.. EntitySpan.Of(tags, -1, strict, tags.Any(EntityTag.Ends), nameof(tags))];
    }

    /// <summary>The scores as the script conlleval prints them.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"processed {Tokens} tokens with {All.Actual} phrases; ")
            .Append(CultureInfo.InvariantCulture, $"found: {All.Found} phrases; correct: {All.Correct}.\n")
            .Append("accuracy: ").Append(Percent(TokenAccuracy)).Append("%; ").Append(Describe(All)).Append('\n');
        foreach ((string type, EntityScore score) in ByType.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(type.PadLeft(17)).Append(": ").Append(Describe(score))
                .Append(CultureInfo.InvariantCulture, $"  {score.Found}\n");
        }

        return text.ToString();
    }

    private static string Describe(EntityScore score) =>
        $"precision: {Percent(score.Precision)}%; recall: {Percent(score.Recall)}%; FB1: {Percent(score.F1)}";

    private static string Percent(double part) => ScoreText.Fixed(100 * part, 2).PadLeft(6);
}

/// <summary>How many spans are found.</summary>
/// <param name="Correct">Spans that are right.</param>
/// <param name="Found">Spans that were predicted.</param>
/// <param name="Actual">Spans that there are.</param>
public sealed record EntityScore(int Correct, int Found, int Actual)
{
    /// <summary>What share of the predicted spans is right; 0 where there is none.</summary>
    public double Precision => ScoreText.Part(Correct, Found);

    /// <summary>What share of the spans that there are is found; 0 where there is none.</summary>
    public double Recall => ScoreText.Part(Correct, Actual);

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => ScoreText.F1(Precision, Recall);
}
