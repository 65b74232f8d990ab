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
        // Two rows: the fewest errors up to a place, and how many of them are tokens that are missing. With the numbers of tokens
        // on both sides that is all there is to know of a way. Of ways with as few errors one that ends in a token of both is
        // taken.
        EqualityComparer<T> comparer = EqualityComparer<T>.Default;
        var above = new (int Errors, int Missing)[given.Count + 1];
        var own = new (int Errors, int Missing)[given.Count + 1];
        for (int j = 0; j <= given.Count; j++)
        {
            above[j] = (j, 0);
        }

        for (int i = 1; i <= right.Count; i++)
        {
            own[0] = (i, i);
            for (int j = 1; j <= given.Count; j++)
            {
                int both = above[j - 1].Errors + (comparer.Equals(right[i - 1], given[j - 1]) ? 0 : 1);
                int fewest = Math.Min(both, 1 + Math.Min(above[j].Errors, own[j - 1].Errors));
                own[j] = fewest == both ? (both, above[j - 1].Missing)
                    : fewest == above[j].Errors + 1 ? (fewest, above[j].Missing + 1)
                    : (fewest, own[j - 1].Missing);
            }

            (above, own) = (own, above);
        }

        (int errors, int deletions) = above[given.Count];
        int insertions = deletions + given.Count - right.Count;
        int substitutions = errors - deletions - insertions;
        return new(right.Count - substitutions - deletions, substitutions, deletions, insertions);
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
