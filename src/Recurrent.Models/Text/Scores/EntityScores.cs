using System.Globalization;
using System.Text;

namespace Recurrent.Text;

/// <summary>
/// How well spans are found that tags mark, such as named entities: by whole spans, as CoNLL's shared tasks score.
/// </summary>
/// <remarks>
/// A span is right where its type, its first and its last token are. Tags are <c>O</c> or a letter, a hyphen and a type
/// (<c>B-PER</c>): B begins a span, I is inside one, E (or L) ends one, S (or U) is one by itself. Leniently, as conlleval reads
/// them, a span may also begin with I, or where the type changes, so IOB1, IOB2, IOE1, IOE2, IOBES and BILOU are all understood.
/// <para>
/// Strictly, a span counts that is marked as its scheme marks spans. Schemes are those of E. F. Tjong Kim Sang and J. Veenstra,
/// "Representing text chunks" (1999), as the Python package seqeval has them, and one of five letters:
/// </para>
/// <list type="table">
/// <item><term>"bio"</term><description>IOB2: the first token is B, others I</description></item>
/// <item><term>"iob1"</term><description>all are I, but the first is B where the token before it is of the same
/// type</description></item>
/// <item><term>"ioe2"</term><description>the last token is E, others I</description></item>
/// <item><term>"ioe1"</term><description>all are I, but the last is E where the token behind it is of the same
/// type</description></item>
/// <item><term>"bioes"</term><description>IOBES and BILOU: B, I, E, or S by itself</description></item>
/// </list>
/// </remarks>
/// <example><code>
/// EntityScores scores = EntityScores.Of(actual: [["B-PER", "I-PER", "O"]], predicted: [["B-PER", "O", "O"]]);
/// EntityScores strictly = EntityScores.Of([["I-PER", "B-PER"]], [["I-PER", "B-PER"]], strict: true, scheme: "iob1"); // F1 = 1
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
    /// <param name="strict">Whether only spans count that are marked as their scheme marks spans. Default false.</param>
    /// <param name="scheme">The scheme, with <paramref name="strict"/>; null (the default) goes by the letters:
    /// <c>"bioes"</c> where there is S, or B and E, else <c>"ioe2"</c> where there is E, else <c>"bio"</c>.</param>
    /// <exception cref="ArgumentException">
    /// There are none, or not as many of both, sequences differ in length, something is no tag or none of the scheme; or none was
    /// named, and the tags do not say which it is, or the right ones do not keep to it. The message says where.
    /// </exception>
    public static EntityScores Of(
        IEnumerable<IReadOnlyList<string>> actual, IEnumerable<IReadOnlyList<string>> predicted, bool strict = false,
        string? scheme = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        EntityScheme.Check(scheme, strict);
        IReadOnlyList<string>[] right = [.. actual];
        IReadOnlyList<string>[] given = [.. predicted];
        ScoreText.RequireAlike(right.Length, given.Length, nameof(actual), nameof(predicted));
        ScoreText.RequireAll(right, nameof(actual));
        ScoreText.RequireAll(given, nameof(predicted));
        RequireSameLengths(right, given);
        EntityTag[][] rightTags = [.. right.Select((tags, i) => EntityTag.ReadAll(tags, i, nameof(actual)))];
        EntityTag[][] givenTags = [.. given.Select((tags, i) => EntityTag.ReadAll(tags, i, nameof(predicted)))];
        EntityScheme? rule = strict ? SchemeOf(scheme, rightTags, givenTags) : null;
        SortedDictionary<string, EntityScore> types = Count(rightTags, givenTags, rule);
        int tokens = right.Sum(tags => tags.Count);
        int same = right.Zip(given).Sum(pair => pair.First.Zip(pair.Second).Count(
            tags => string.Equals(tags.First, tags.Second, StringComparison.Ordinal)));
        var all = new EntityScore(
            types.Values.Sum(type => type.Correct), types.Values.Sum(type => type.Found), types.Values.Sum(type => type.Actual));
        return new(all, types, ScoreText.Part(same, tokens), tokens);
    }

    /// <summary>The spans that tags mark.</summary>
    /// <param name="tags">The tags of a sequence.</param>
    /// <param name="strict">Whether only spans count that are marked as their scheme marks spans. Default false.</param>
    /// <param name="scheme">The scheme, with <paramref name="strict"/>; null (the default) goes by the letters:
    /// <c>"bioes"</c> where there is S, or B and E, else <c>"ioe2"</c> where there is E, else <c>"bio"</c>.</param>
    /// <exception cref="ArgumentException">
    /// Something is no tag or none of the scheme, or no scheme was named, and the tags do not say which it is.
    /// </exception>
    public static IReadOnlyList<EntitySpan> SpansOf(IReadOnlyList<string> tags, bool strict = false, string? scheme = null)
    {
        ArgumentNullException.ThrowIfNull(tags);
        EntityScheme.Check(scheme, strict);
        EntityTag[] read = EntityTag.ReadAll(tags, -1, nameof(tags));
        EntityScheme? rule = strict ? EntityScheme.Of(scheme, read) : null;
        rule?.RequireLetters(read, -1, nameof(tags));
        return [.. EntitySpan.Of(read, rule)];
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

    private static void RequireSameLengths(IReadOnlyList<string>[] actual, IReadOnlyList<string>[] predicted)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (actual[i].Count != predicted[i].Count)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Sequence {i} has {actual[i].Count} tags, but {predicted[i].Count} were predicted."), nameof(predicted));
            }
        }
    }

    /// <summary>The scheme: all tags have its letters, and where it was not named, the right ones keep to it.</summary>
    private static EntityScheme SchemeOf(string? name, EntityTag[][] right, EntityTag[][] given)
    {
        EntityScheme scheme = EntityScheme.Of(name, right.Concat(given).SelectMany(tags => tags));
        for (int i = 0; i < right.Length; i++)
        {
            scheme.RequireLetters(right[i], i, "actual");
            scheme.RequireLetters(given[i], i, "predicted");
            if (name is null)
            {
                scheme.RequireMarked(right[i], i, "actual");
            }
        }

        return scheme;
    }

    private static SortedDictionary<string, EntityScore> Count(EntityTag[][] right, EntityTag[][] given, EntityScheme? scheme)
    {
        var types = new SortedDictionary<string, EntityScore>(StringComparer.Ordinal);
        for (int i = 0; i < right.Length; i++)
        {
            HashSet<EntitySpan> spans = [.. EntitySpan.Of(right[i], scheme)];
            foreach (EntitySpan span in spans)
            {
                EntityScore score = Of(span);
                types[span.Type] = score with { Actual = score.Actual + 1 };
            }

            foreach (EntitySpan span in EntitySpan.Of(given[i], scheme))
            {
                EntityScore score = Of(span);
                int correct = score.Correct + (spans.Contains(span) ? 1 : 0);
                types[span.Type] = score with { Found = score.Found + 1, Correct = correct };
            }
        }

        return types;

        EntityScore Of(EntitySpan span) => types.GetValueOrDefault(span.Type) ?? new(0, 0, 0);
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
