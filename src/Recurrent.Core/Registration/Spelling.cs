namespace Recurrent.Registration;

/// <summary>Finds what somebody probably meant.</summary>
public static class Spelling
{
    /// <summary>Nobody mistypes what is longer than this.</summary>
    private const int LongestName = 64;

    /// <summary>What is at least this long and begins a candidate is taken for a name cut short.</summary>
    private const int LeastBeginning = 3;

    /// <summary>
    /// The candidate that begins with the name, or with which the name begins; else the one that the fewest slips (a letter too
    /// many, missing, wrong, or two swapped) turn into the name; case does not matter; the first of equals.
    /// </summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant; at least one.</param>
    public static string Nearest(string name, IReadOnlyList<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        return candidates.MinBy(candidate => Slips(name, candidate))!;
    }

    /// <summary>The nearest candidate where it is near: cut short, or no more than a third of its letters wrong; else
    /// null.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant.</param>
    public static string? Near(string name, IReadOnlyList<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        string? nearest = candidates.Count > 0 && name.Length <= LongestName ? Nearest(name, candidates) : null;
        return nearest is not null && Slips(name, nearest) <= Math.Max(1, Math.Max(name.Length, nearest.Length) / 3) ? nearest
            : null;
    }

    /// <summary>A question for a message, with a space after it, where a candidate is near: <c>Did you mean 'LSTM'? </c>; else
    /// nothing.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant.</param>
    public static string DidYouMean(string name, IReadOnlyList<string> candidates) =>
        Near(name, candidates) is { } near ? $"Did you mean '{near}'? " : string.Empty;

    private static int Slips(string name, string candidate) =>
        name.Length >= LeastBeginning && candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? 0
        : candidate.Length > LeastBeginning && name.StartsWith(candidate, StringComparison.OrdinalIgnoreCase) ? 1
        : Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());

    private static int Distance(string a, string b)
    {
        // Three rows of the classic table are enough: row[j] is the distance of a[..i] to b[..j].
        int[] beforeLast = new int[b.Length + 1];
        int[] last = new int[b.Length + 1];
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (beforeLast, last, row) = (last, row, beforeLast);
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(substitution, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }

        return row[^1];
    }
}
