using System.Globalization;

namespace Recurrent.Text;

/// <summary>BLEU with what it is made of.</summary>
/// <param name="Score">The score, from 0 to 100.</param>
/// <param name="Counts">For each n, how many n-grams are right; with what smoothing has added.</param>
/// <param name="Totals">For each n, how many there are.</param>
/// <param name="Precisions">For each n, what part of a hundred is right.</param>
/// <param name="BrevityPenalty">Below 1 where texts are shorter than references.</param>
/// <param name="HypothesisLength">Tokens of the texts.</param>
/// <param name="ReferenceLength">Tokens of the references, of each the one whose length is nearest.</param>
public sealed record BleuScore(
    double Score,
    IReadOnlyList<double> Counts,
    IReadOnlyList<double> Totals,
    IReadOnlyList<double> Precisions,
    double BrevityPenalty,
    int HypothesisLength,
    int ReferenceLength)
{
    /// <summary>The score.</summary>
    /// <param name="bleu">The score with its parts.</param>
    public static implicit operator double(BleuScore bleu)
    {
        ArgumentNullException.ThrowIfNull(bleu);
        return bleu.Score;
    }

    /// <summary>As sacreBLEU writes it: <c>BLEU = 48.53 82.4/50.0/45.5/37.5 (BP = 0.943 ratio = …)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"BLEU = {ScoreText.Fixed(Score, 2)} {string.Join('/', Precisions.Select(precision => ScoreText.Fixed(precision, 1)))} "
        + $"(BP = {ScoreText.Fixed(BrevityPenalty, 3)} "
        + $"ratio = {ScoreText.Fixed(ScoreText.Part(HypothesisLength, ReferenceLength), 3)} "
        + $"hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
}
