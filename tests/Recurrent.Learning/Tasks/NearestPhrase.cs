namespace Recurrent.Learning.Tasks;

/// <summary>Translating by what is most alike, and how alike texts are: chrF (Popović, 2015).</summary>
internal static class NearestPhrase
{
    private const int Longest = 6;
    private const double BetaSquared = 4;

    /// <summary>The score of the translations of the phrases most like those that are asked.</summary>
    internal static double Score((string Source, string Target)[] train, (string Source, string Target)[] test)
    {
        Dictionary<string, int>[] known = [.. train.Select(pair => Grams(pair.Source.ToLowerInvariant(), 3))];
        string[] found = [.. test.AsParallel().AsOrdered().Select(pair =>
        {
            Dictionary<string, int> own = Grams(pair.Source.ToLowerInvariant(), 3);
            int best = 0;
            double most = -1;
            for (int i = 0; i < known.Length; i++)
            {
                double alike = 2.0 * Common(own, known[i]) / (own.Values.Sum() + known[i].Values.Sum() + 1e-9);
                (best, most) = alike > most ? (i, alike) : (best, most);
            }

            return train[best].Target;
        })];
        return ChrF(found, [.. test.Select(pair => pair.Target)]);
    }

    /// <summary>chrF of all texts together, from 0 to 1: the mean of precision and recall over n-grams of 1 to 6, blanks left
    /// out.</summary>
    internal static double ChrF(IReadOnlyList<string> found, IReadOnlyList<string> expected)
    {
        double precision = 0;
        double recall = 0;
        int counted = 0;
        for (int n = 1; n <= Longest; n++)
        {
            long common = 0;
            long said = 0;
            long asked = 0;
            for (int i = 0; i < expected.Count; i++)
            {
                (Dictionary<string, int> a, Dictionary<string, int> b) = (Grams(Bare(found[i]), n), Grams(Bare(expected[i]), n));
                common += Common(a, b);
                said += a.Values.Sum();
                asked += b.Values.Sum();
            }

            if (said > 0 && asked > 0)
            {
                precision += (double)common / said;
                recall += (double)common / asked;
                counted++;
            }
        }

        (precision, recall) = (precision / Math.Max(1, counted), recall / Math.Max(1, counted));
        return precision + recall == 0 ? 0 : (1 + BetaSquared) * precision * recall / ((BetaSquared * precision) + recall);
    }

    private static string Bare(string text) => text.Replace(" ", string.Empty, StringComparison.Ordinal);

    private static int Common(Dictionary<string, int> a, Dictionary<string, int> b) =>
        a.Sum(pair => Math.Min(pair.Value, b.GetValueOrDefault(pair.Key)));

    private static Dictionary<string, int> Grams(string text, int n)
    {
        var grams = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i + n <= text.Length; i++)
        {
            string gram = text.Substring(i, n);
            grams[gram] = grams.GetValueOrDefault(gram) + 1;
        }

        return grams;
    }
}
