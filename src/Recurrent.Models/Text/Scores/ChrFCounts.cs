namespace Recurrent.Text;

/// <summary>The counts that chrF is computed of: for each order n-grams of the text, of the reference, and common ones.</summary>
internal sealed class ChrFCounts(int charOrder, int wordOrder, double beta, bool whitespace, bool epsSmoothing)
{
    private const double Epsilon = 1e-16;

    private readonly long[] sums = new long[3 * (charOrder + wordOrder)];

    /// <summary>Adds a text: with the reference that gives the best score.</summary>
    public void Add(string text, string[] references)
    {
        Dictionary<string, int>[] own = Grams(text);
        long[] best = [];
        double most = -1;
        foreach (string reference in references)
        {
            Dictionary<string, int>[] right = Grams(reference);
            var counts = new long[sums.Length];
            for (int i = 0; i < own.Length; i++)
            {
                // Where the reference has no such n-gram, those of the text do not count.
                counts[3 * i] = right[i].Count == 0 ? 0 : own[i].Values.Sum();
                counts[(3 * i) + 1] = right[i].Values.Sum();
                counts[(3 * i) + 2] = own[i].Sum(pair => Math.Min(pair.Value, right[i].GetValueOrDefault(pair.Key)));
            }

            double score = Score(counts);
            if (score > most)
            {
                (most, best) = (score, counts);
            }
        }

        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += best[i];
        }
    }

    /// <summary>The score of all texts.</summary>
    public double Score() => Score(sums);

    private double Score(long[] counts)
    {
        double factor = beta * beta;
        (double sum, double precisions, double recalls, int orders) = (0, 0, 0, 0);
        for (int i = 0; i < counts.Length; i += 3)
        {
            (long own, long right, long common) = (counts[i], counts[i + 1], counts[i + 2]);
            double precision = own > 0 ? common / (double)own : Epsilon;
            double recall = right > 0 ? common / (double)right : Epsilon;
            double below = (factor * precision) + recall;
            sum += below > 0 ? (1 + factor) * precision * recall / below : Epsilon;
            if (own > 0 && right > 0)
            {
                precisions += precision;
                recalls += recall;
                orders++;
            }
        }

        if (epsSmoothing)
        {
            return 100 * sum / (counts.Length / 3);
        }

        if (orders == 0 || precisions + recalls == 0)
        {
            return 0;
        }

        (precisions, recalls) = (precisions / orders, recalls / orders);
        return 100 * (1 + factor) * precisions * recalls / ((factor * precisions) + recalls);
    }

    private Dictionary<string, int>[] Grams(string text)
    {
        string[] characters = TextScores.Characters(
            whitespace ? text : string.Concat(TextScores.Words(text)), graphemes: false);
        string[] words = wordOrder > 0 ? Words(text) : [];
        return
        [
            .. Enumerable.Range(1, charOrder).Select(n => Count(characters, n, string.Empty)),
            .. Enumerable.Range(1, wordOrder).Select(n => Count(words, n, " ")),
        ];
    }

    private static Dictionary<string, int> Count(string[] tokens, int n, string separator)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i + n <= tokens.Length; i++)
        {
            string gram = n == 1 ? tokens[i] : string.Join(separator, tokens, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }

    /// <summary>Words, with one mark of ASCII taken from the end of each, or else from its beginning.</summary>
    private static string[] Words(string text) => [.. TextScores.Words(text).SelectMany(word =>
        TextScores.Characters(word, graphemes: false).Length == 1 ? [word]
        : IsMark(word[^1]) ? [word[..^1], word[^1..]]
        : IsMark(word[0]) ? (string[])[word[..1], word[1..]]
        : [word])];

    private static bool IsMark(char letter) => char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter));
}
