namespace Recurrent.Text;

/// <summary>How many tokens are wrong: words, characters, phonemes. Of several shortest ways, one that changes most.</summary>
/// <param name="Hits">Tokens that are right.</param>
/// <param name="Substitutions">Tokens that are others.</param>
/// <param name="Deletions">Tokens that are missing.</param>
/// <param name="Insertions">Tokens that are too many.</param>
public sealed record ErrorRate(int Hits, int Substitutions, int Deletions, int Insertions)
{
    /// <summary>Number of errors.</summary>
    public int Errors => Substitutions + Deletions + Insertions;

    /// <summary>Number of tokens that ought to be there.</summary>
    public int Total => Hits + Substitutions + Deletions;

    /// <summary>Errors per token that ought to be there; it may exceed 1.</summary>
    public double Rate => Errors / (double)Total;

    /// <summary>The rate.</summary>
    /// <param name="errors">The errors.</param>
    public static implicit operator double(ErrorRate errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Rate;
    }

    /// <summary>Rate and counts in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{ScoreText.Fixed(Rate, 4)} ({Substitutions} changed, {Deletions} missing, {Insertions} too many, of {Total})");

    /// <summary>The errors of one sequence.</summary>
    internal static ErrorRate Between<T>(IReadOnlyList<T> given, IReadOnlyList<T> right)
    {
        // A row for each token that ought to be there, since the way back tells errors apart.
        int width = given.Count + 1;
        var distance = new int[(right.Count + 1) * width];
        EqualityComparer<T> comparer = EqualityComparer<T>.Default;
        for (int i = 0; i <= right.Count; i++)
        {
            for (int j = 0; j < width; j++)
            {
                int place = (i * width) + j;
                distance[place] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        distance[place - width - 1] + (comparer.Equals(right[i - 1], given[j - 1]) ? 0 : 1),
                        1 + Math.Min(distance[place - width], distance[place - 1]));
            }
        }

        (int hits, int substitutions, int deletions, int insertions) = (0, 0, 0, 0);
        for (int i = right.Count, j = given.Count; i > 0 || j > 0;)
        {
            int place = (i * width) + j;
            bool same = i > 0 && j > 0 && comparer.Equals(right[i - 1], given[j - 1]);
            if (i > 0 && j > 0 && distance[place] == distance[place - width - 1] + (same ? 0 : 1))
            {
                hits += same ? 1 : 0;
                substitutions += same ? 0 : 1;
                i--;
                j--;
            }
            else if (i > 0 && distance[place] == distance[place - width] + 1)
            {
                deletions++;
                i--;
            }
            else
            {
                insertions++;
                j--;
            }
        }

        return new(hits, substitutions, deletions, insertions);
    }

    /// <summary>All errors together.</summary>
    /// <exception cref="ArgumentException">No token ought to be there.</exception>
    internal static ErrorRate Sum(IEnumerable<ErrorRate> all)
    {
        ErrorRate sum = all.Aggregate((a, b) => new(
            a.Hits + b.Hits, a.Substitutions + b.Substitutions, a.Deletions + b.Deletions, a.Insertions + b.Insertions));
        return sum.Total > 0
            ? sum
            : throw new ArgumentException("No reference has a token, so there is nothing that errors could be a part of.");
    }
}
