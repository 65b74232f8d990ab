using Recurrent.Registration;

namespace Recurrent.Text;

/// <content>BLEU.</content>
public static partial class TextScores
{
    /// <summary>BLEU of a corpus with one reference for each text.</summary>
    /// <inheritdoc
    /// cref="Bleu(IEnumerable{string}, IEnumerable{IReadOnlyList{string}}, string, string, double?, bool, int, bool)"/>
    public static BleuScore Bleu(
        IEnumerable<string> hypotheses,
        IEnumerable<string> references,
        string tokenize = "13a",
        string smoothMethod = "exp",
        double? smoothValue = null,
        bool lowercase = false,
        int maxNgramOrder = 4,
        bool effectiveOrder = false)
    {
        ArgumentNullException.ThrowIfNull(references);
        return Bleu(
            hypotheses,
            references.Select(reference => (IReadOnlyList<string>)(reference is null ? null! : [reference])),
            tokenize,
            smoothMethod,
            smoothValue,
            lowercase,
            maxNgramOrder,
            effectiveOrder);
    }

    /// <summary>
    /// BLEU of a corpus: <c>bp · exp(mean over n of log pₙ)</c>, where <c>pₙ</c> is the share of the n-grams of the texts that a
    /// reference has, and <c>bp = min(1, exp(1 − r / c))</c> for the lengths of references and texts. Papineni et al. 2002;
    /// sacreBLEU's corpus_bleu.
    /// </summary>
    /// <param name="hypotheses">What the model gives.</param>
    /// <param name="references">What it ought to give: one or several references for each text.</param>
    /// <param name="tokenize">
    /// <c>"13a"</c> (the default, that of mteval-v13a), <c>"intl"</c> (that of mteval-v14), <c>"char"</c>, or <c>"none"</c> for
    /// texts that are tokens with spaces between them.
    /// </param>
    /// <param name="smoothMethod">
    /// What stands for an n without matches: <c>"exp"</c> (the default: 1/2, 1/4 … of a match), <c>"floor"</c>
    /// (<paramref name="smoothValue"/> of a match), <c>"add-k"</c> (it is added to counts of n above 1), <c>"none"</c>.
    /// </param>
    /// <param name="smoothValue">Of the method; null (the default) is 0.1 for floor and 1 for add-k.</param>
    /// <param name="lowercase">Whether capital letters become small ones. Default false.</param>
    /// <param name="maxNgramOrder">The largest n; default 4.</param>
    /// <param name="effectiveOrder">
    /// Whether n end at the longest n-gram that there is: for single sentences. Default false.
    /// </param>
    /// <exception cref="ArgumentException">There are none, or not as many of both, or an option is out of range.</exception>
    public static BleuScore Bleu(
        IEnumerable<string> hypotheses,
        IEnumerable<IReadOnlyList<string>> references,
        string tokenize = "13a",
        string smoothMethod = "exp",
        double? smoothValue = null,
        bool lowercase = false,
        int maxNgramOrder = 4,
        bool effectiveOrder = false)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        ArgumentNullException.ThrowIfNull(tokenize);
        ArgumentNullException.ThrowIfNull(smoothMethod);
        new OptionCheck(nameof(Bleu))
            .OneOf(nameof(tokenize), tokenize, [.. BleuTokens.Names])
            .OneOf(nameof(smoothMethod), smoothMethod, "exp", "floor", "add-k", "none")
            .Require(
                smoothValue is null || (double.IsFinite(smoothValue.Value) && smoothValue >= 0),
                FormattableString.Invariant($"smoothValue must be a finite number of at least 0, but is {smoothValue}"),
                nameof(smoothValue))
            .Positive(nameof(maxNgramOrder), maxNgramOrder)
            .ThrowIfAny();
        string[] given = [.. hypotheses];
        IReadOnlyList<string>[] right = [.. references];
        ScoreText.RequireAlike(given.Length, right.Length, nameof(hypotheses), nameof(references));
        var counts = new BleuCounts(maxNgramOrder);
        for (int i = 0; i < given.Length; i++)
        {
            if (given[i] is null || right[i] is null || right[i].Count == 0 || right[i].Contains(null!))
            {
                string which = given[i] is null ? nameof(hypotheses) : nameof(references);
                throw new ArgumentException(FormattableString.Invariant($"{which}[{i}] is missing."), which);
            }

            counts.Add(Tokens(given[i]), [.. right[i].Select(Tokens)]);
        }

        return counts.Score(smoothMethod, smoothValue, effectiveOrder);

        string[] Tokens(string text) => BleuTokens.Split((lowercase ? text.ToLowerInvariant() : text).TrimEnd(), tokenize);
    }

    /// <summary>BLEU of one sentence, whose n end at the longest n-gram that there is; sacreBLEU's sentence_bleu.</summary>
    /// <param name="hypothesis">What the model gives.</param>
    /// <param name="references">What it ought to give: one or several references.</param>
    /// <param name="tokenize">As for a corpus.</param>
    /// <param name="smoothMethod">As for a corpus.</param>
    /// <param name="smoothValue">As for a corpus.</param>
    /// <param name="lowercase">Whether capital letters become small ones. Default false.</param>
    /// <exception cref="ArgumentException">There is no reference, or an option is out of range.</exception>
    public static BleuScore SentenceBleu(
        string hypothesis,
        IReadOnlyList<string> references,
        string tokenize = "13a",
        string smoothMethod = "exp",
        double? smoothValue = null,
        bool lowercase = false) =>
        Bleu([hypothesis], [references], tokenize, smoothMethod, smoothValue, lowercase, effectiveOrder: true);
}
