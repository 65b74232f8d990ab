using Recurrent.Registration;

namespace Recurrent.Text;

/// <content>chrF.</content>
public static partial class TextScores
{
    /// <summary>chrF of a corpus with one reference for each text.</summary>
    /// <inheritdoc cref="ChrF(IEnumerable{string}, IEnumerable{IReadOnlyList{string}}, int, int, double, bool, bool, bool)"/>
    public static double ChrF(
        IEnumerable<string> hypotheses,
        IEnumerable<string> references,
        int charOrder = 6,
        int wordOrder = 0,
        double beta = 2,
        bool lowercase = false,
        bool whitespace = false,
        bool epsSmoothing = false)
    {
        ArgumentNullException.ThrowIfNull(references);
        return ChrF(
            hypotheses,
            references.Select(reference => (IReadOnlyList<string>)(reference is null ? null! : [reference])),
            charOrder,
            wordOrder,
            beta,
            lowercase,
            whitespace,
            epsSmoothing);
    }

    /// <summary>
    /// chrF of a corpus, from 0 to 100: <c>(1 + β²) · P · R / (β² · P + R)</c>, where precision P and recall R are means over
    /// character n-grams of all orders. With <c>wordOrder: 2</c> it is chrF++, which counts words and pairs of them, too. Popović
    /// 2015, 2017; sacreBLEU's corpus_chrf.
    /// </summary>
    /// <param name="hypotheses">What the model gives.</param>
    /// <param name="references">What it ought to give: one or several references for each text, of which the best counts.</param>
    /// <param name="charOrder">The largest n of characters (code points); default 6.</param>
    /// <param name="wordOrder">The largest n of words; default 0, and 2 for chrF++.</param>
    /// <param name="beta">By how much recall counts more than precision; default 2.</param>
    /// <param name="lowercase">Whether capital letters become small ones. Default false.</param>
    /// <param name="whitespace">Whether white space counts among characters. Default false.</param>
    /// <param name="epsSmoothing">
    /// Whether F is computed for each order and its mean taken, where an order without n-grams counts as 1e-16, as chrF++.py and
    /// NLTK do; by default orders without n-grams are left out.
    /// </param>
    /// <exception cref="ArgumentException">There are none, or not as many of both, or an option is out of range.</exception>
    public static double ChrF(
        IEnumerable<string> hypotheses,
        IEnumerable<IReadOnlyList<string>> references,
        int charOrder = 6,
        int wordOrder = 0,
        double beta = 2,
        bool lowercase = false,
        bool whitespace = false,
        bool epsSmoothing = false)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        new OptionCheck(nameof(ChrF))
            .Positive(nameof(charOrder), charOrder)
            .Require(
                wordOrder >= 0,
                FormattableString.Invariant($"wordOrder must be at least 0, but is {wordOrder}"),
                nameof(wordOrder))
            .AtLeast(nameof(beta), beta, 0)
            .ThrowIfAny();
        string[] given = [.. hypotheses];
        IReadOnlyList<string>[] right = [.. references];
        ScoreText.RequireAlike(given.Length, right.Length, nameof(hypotheses), nameof(references));
        var counts = new ChrFCounts(charOrder, wordOrder, beta, whitespace, epsSmoothing);
        for (int i = 0; i < given.Length; i++)
        {
            if (given[i] is null || right[i] is null || right[i].Count == 0 || right[i].Contains(null!))
            {
                string which = given[i] is null ? nameof(hypotheses) : nameof(references);
                throw new ArgumentException(FormattableString.Invariant($"{which}[{i}] is missing."), which);
            }

            counts.Add(Case(given[i]), [.. right[i].Select(Case)]);
        }

        return counts.Score();

        string Case(string text) => lowercase ? text.ToLowerInvariant() : text;
    }
}
