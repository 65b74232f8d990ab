using System.Numerics.Tensors;
using Recurrent.Numerics;

namespace Recurrent.Text;

/// <summary>The log-probabilities of the next token of one sequence, and how one is chosen. Room that all sequences use in
/// turn.</summary>
/// <param name="count">Number of tokens.</param>
internal sealed class TokenScores(int count)
{
    private readonly Real[] exponentials = new Real[count];
    private readonly int[] seen = new int[count];
    private Candidate[]? candidates;
    private int mark;

    /// <summary>log p of each token; −∞ where it may not come.</summary>
    public double[] Values { get; } = new double[count];

    /// <summary>Takes what a model gives at a step.</summary>
    /// <param name="row">Logits, or probabilities.</param>
    /// <param name="areProbabilities">Which of the two.</param>
    /// <returns>The first token whose score is none that could be compared with others (NaN, a logit of +∞, a probability below
    /// 0); −1 where there is none.</returns>
    public int Take(ReadOnlySpan<Real> row, bool areProbabilities)
    {
        if (areProbabilities)
        {
            int wrong = -1;
            for (int i = row.Length - 1; i >= 0; i--)
            {
                Values[i] = Math.Log(row[i]);
                wrong = double.IsNaN(Values[i]) ? i : wrong;
            }

            return wrong;
        }

        Real most = TensorPrimitives.Max(row);
        TensorPrimitives.Subtract(row, most, exponentials);
        VectorMath.Exp(exponentials, exponentials);
        double log = most + Math.Log(Sums.Of<Real>(exponentials));
        TensorPrimitives.ConvertTruncating(row, Values.AsSpan());
        TensorPrimitives.Subtract(Values, log, Values);
        return double.IsNaN(log) ? row.IndexOfAnyExcept(Real.NegativeInfinity) < 0 ? -1 : FirstWrong(row) : -1;
    }

    /// <summary>Makes tokens that have come already less likely, each once.</summary>
    public void Penalise(ReadOnlySpan<int> prompt, ReadOnlySpan<int> soFar, double penalty)
    {
        mark++;
        Penalise(prompt, penalty);
        Penalise(soFar, penalty);
    }

    /// <summary>Takes out what a rule does not allow.</summary>
    public void Restrict(TokenRule allow, int sequence, ReadOnlySpan<int> soFar)
    {
        for (int token = 0; token < Values.Length; token++)
        {
            if (!double.IsNegativeInfinity(Values[token]) && !allow(sequence, soFar, token))
            {
                Values[token] = double.NegativeInfinity;
            }
        }
    }

    /// <summary>The most likely token, of equal ones the first; −1 where none may come.</summary>
    public int MostLikely()
    {
        int best = TensorPrimitives.IndexOfMax<double>(Values);
        if (Values[best] > double.NegativeInfinity)
        {
            return best;
        }

        // None may come, or the greatest was no number.
        best = -1;
        double most = double.NegativeInfinity;
        for (int token = 0; token < Values.Length; token++)
        {
            if (Values[token] > most)
            {
                most = Values[token];
                best = token;
            }
        }

        return best;
    }

    /// <summary>Draws a token; −1 where none may come.</summary>
    /// <param name="temperature">The temperature.</param>
    /// <param name="topK">How many of the most likely ones are drawn from; null is all.</param>
    /// <param name="topP">How much probability those have together.</param>
    /// <param name="share">A random number from 0 to 1.</param>
    public int Draw(double temperature, int? topK, double topP, double share)
    {
        int best = MostLikely();
        if (best < 0)
        {
            return -1;
        }

        for (int token = 0; token < exponentials.Length; token++)
        {
            // What is no number has no part: comparisons with it are false.
            exponentials[token] = Values[token] > double.NegativeInfinity
                ? (Real)((Values[token] - Values[best]) / temperature) : Real.NegativeInfinity;
        }

        VectorMath.Exp(exponentials, exponentials);
        if (topK < exponentials.Length || topP < 1)
        {
            Cut(topK ?? exponentials.Length, topP);
        }

        double rest = share * Sums.Of<Real>(exponentials);
        int last = best;
        for (int token = 0; token < exponentials.Length; token++)
        {
            if (exponentials[token] > 0)
            {
                last = token;
                rest -= exponentials[token];
                if (rest < 0)
                {
                    return token;
                }
            }
        }

        return last;
    }

    private static int FirstWrong(ReadOnlySpan<Real> row)
    {
        int place = 0;
        while (place < row.Length - 1 && row[place] <= Real.MaxValue)
        {
            place++;
        }

        return place;
    }

    private void Cut(int topK, double topP)
    {
        candidates ??= new Candidate[exponentials.Length];
        for (int token = 0; token < candidates.Length; token++)
        {
            candidates[token] = new(exponentials[token], token);
        }

        candidates.AsSpan().Sort();
        topK = Math.Min(topK, candidates.Length);
        double all = 0;
        for (int i = 0; i < topK; i++)
        {
            all += candidates[i].Weight;
        }

        double sum = 0;
        int kept = 0;
        while (kept < topK && (kept == 0 || sum < topP * all))
        {
            sum += candidates[kept++].Weight;
        }

        for (int i = kept; i < candidates.Length; i++)
        {
            exponentials[candidates[i].Token] = 0;
        }
    }

    private void Penalise(ReadOnlySpan<int> tokens, double penalty)
    {
        foreach (int token in tokens)
        {
            if (seen[token] != mark)
            {
                seen[token] = mark;
                Values[token] *= penalty;
            }
        }
    }

    /// <summary>A token that may be drawn; the most likely one comes first, of equal ones the smaller.</summary>
    private readonly record struct Candidate(Real Weight, int Token) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other) =>
            Weight != other.Weight ? other.Weight.CompareTo(Weight) : Token.CompareTo(other.Token);
    }
}
