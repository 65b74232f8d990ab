namespace Recurrent.Numerics;

/// <summary>
/// The sequences of tags of the highest scores through a <see cref="LinearChain"/>, best first: Viterbi's algorithm, which keeps
/// for each tag the n best ways to come to it. Of equal scores the one through lower tags comes first.
/// </summary>
/// <param name="tags">Number of tags.</param>
/// <param name="count">How many sequences, at least 1.</param>
internal sealed class BestPaths(int tags, int count = 1)
{
    private double[] scores = [];
    private double[] next = [];
    private int[] back = [];

    /// <summary>How many sequences there are: fewer than asked for where there are no more.</summary>
    public int Found { get; private set; }

    /// <summary>Finds the sequences.</summary>
    /// <param name="chain">The chain, of at least one step.</param>
    /// <param name="allowed">Which tags may follow one another, <c>i · tags + j</c>; empty where all may.</param>
    /// <param name="starts">Which tags may be first; empty where all may.</param>
    /// <param name="ends">Which tags may be last; empty where all may.</param>
    public void Find(LinearChain chain, ReadOnlySpan<bool> allowed, ReadOnlySpan<bool> starts, ReadOnlySpan<bool> ends)
    {
        int width = tags * count;
        if (scores.Length < width)
        {
            scores = new double[width];
            next = new double[width];
        }

        if (back.Length < chain.Steps * width)
        {
            back = new int[chain.Steps * width];
        }

        scores.AsSpan().Fill(double.NegativeInfinity);
        for (int j = 0; j < tags; j++)
        {
            scores[j * count] = starts.IsEmpty || starts[j] ? chain.Score(0, 0, j) : double.NegativeInfinity;
        }

        for (int t = 1; t < chain.Steps; t++)
        {
            ReadOnlySpan<Real> psi = chain.At(t);
            for (int j = 0; j < tags; j++)
            {
                Span<double> own = next.AsSpan(j * count, count);
                Span<int> ways = back.AsSpan((t * width) + (j * count), count);
                own.Fill(double.NegativeInfinity);
                for (int way = 0; way < width; way++)
                {
                    int place = ((way / count) * tags) + j;
                    if (allowed.IsEmpty || allowed[place])
                    {
                        Insert(own, ways, scores[way] + psi[place], way);
                    }
                }
            }

            (scores, next) = (next, scores);
        }

        Last(ends);
    }

    /// <summary>The score of a sequence.</summary>
    /// <param name="index">Which, 0 being the best.</param>
    public double ScoreOf(int index) => next[index];

    /// <summary>Writes a sequence.</summary>
    /// <param name="index">Which, 0 being the best.</param>
    /// <param name="path">Receives the tag of each step.</param>
    public void Write(int index, Span<int> path)
    {
        int width = tags * count;
        int way = back[index];
        for (int t = path.Length - 1; t >= 0; t--)
        {
            path[t] = way / count;
            way = back[(t * width) + way];
        }
    }

    /// <summary>Puts a way among the best, if it is one of them.</summary>
    private static void Insert(Span<double> best, Span<int> ways, double score, int way)
    {
        int place = best.Length;
        while (place > 0 && score > best[place - 1])
        {
            place--;
        }

        if (place == best.Length)
        {
            return;
        }

        for (int k = best.Length - 1; k > place; k--)
        {
            (best[k], ways[k]) = (best[k - 1], ways[k - 1]);
        }

        (best[place], ways[place]) = (score, way);
    }

    /// <summary>The best ways to the last step; the first step has nothing behind it, so they are kept where its would
    /// be.</summary>
    private void Last(ReadOnlySpan<bool> ends)
    {
        int width = tags * count;
        Span<double> best = next.AsSpan(0, count);
        Span<int> ways = back.AsSpan(0, count);
        best.Fill(double.NegativeInfinity);
        for (int way = 0; way < width; way++)
        {
            if (ends.IsEmpty || ends[way / count])
            {
                Insert(best, ways, scores[way], way);
            }
        }

        Found = 0;
        while (Found < count && !double.IsNegativeInfinity(best[Found]))
        {
            Found++;
        }
    }
}
