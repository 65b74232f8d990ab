namespace Recurrent.Text;

/// <summary>The counts that BLEU is computed of.</summary>
/// <param name="order">The largest n.</param>
internal sealed class BleuCounts(int order)
{
    private readonly double[] correct = new double[order];
    private readonly double[] total = new double[order];
    private int length;
    private int referenceLength;

    /// <summary>Adds a text.</summary>
    public void Add(string[] tokens, string[][] references)
    {
        length += tokens.Length;
        int nearest = references[0].Length;
        foreach (string[] reference in references)
        {
            int difference = Math.Abs(reference.Length - tokens.Length) - Math.Abs(nearest - tokens.Length);
            nearest = difference < 0 || (difference == 0 && reference.Length < nearest) ? reference.Length : nearest;
        }

        referenceLength += nearest;
        for (int n = 1; n <= order; n++)
        {
            var most = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (string[] reference in references)
            {
                foreach ((string gram, int count) in Grams(reference, n))
                {
                    most[gram] = Math.Max(most.GetValueOrDefault(gram), count);
                }
            }

            foreach ((string gram, int count) in Grams(tokens, n))
            {
                total[n - 1] += count;
                correct[n - 1] += Math.Min(count, most.GetValueOrDefault(gram));
            }
        }
    }

    /// <summary>The score of all texts.</summary>
    public BleuScore Score(string smoothMethod, double? smoothValue, bool effectiveOrder)
    {
        double smooth = smoothValue ?? (smoothMethod == "add-k" ? 1 : 0.1);
        double penalty = length >= referenceLength ? 1 : length == 0 ? 0 : Math.Exp(1 - (referenceLength / (double)length));
        var precisions = new double[order];
        if (Array.TrueForAll(correct, count => count == 0))
        {
            return new(0, correct, total, precisions, penalty, length, referenceLength);
        }

        int last = order;
        double halved = 1;
        for (int n = 0; n < order; n++)
        {
            if (smoothMethod == "add-k" && n > 0)
            {
                correct[n] += smooth;
                total[n] += smooth;
            }

            if (total[n] == 0)
            {
                break;
            }

            last = effectiveOrder ? n + 1 : last;
            if (correct[n] > 0)
            {
                precisions[n] = 100 * correct[n] / total[n];
            }
            else if (smoothMethod == "exp")
            {
                halved *= 2;
                precisions[n] = 100 / (halved * total[n]);
            }
            else if (smoothMethod == "floor")
            {
                precisions[n] = 100 * smooth / total[n];
            }
        }

        double score = precisions.Take(last).Any(precision => precision == 0)
            ? 0 : penalty * Math.Exp(precisions.Take(last).Sum(Math.Log) / last);
        return new(score, correct, total, precisions, penalty, length, referenceLength);
    }

    /// <summary>How often each n-gram comes. Tokens have no white space inside, so it parts them.</summary>
    private static Dictionary<string, int> Grams(string[] tokens, int n)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i + n <= tokens.Length; i++)
        {
            string gram = n == 1 ? tokens[i] : string.Join(' ', tokens, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }
}
