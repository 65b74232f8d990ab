namespace Recurrent.Registration;

/// <summary>Finds what somebody probably meant.</summary>
public static class Spelling
{
    /// <summary>What is at least this long and begins a candidate is taken for a name cut short.</summary>
    private const int LeastBeginning = 4;

    /// <summary>The candidate that begins with the name; else the one that the fewest slips (a letter too many, missing, wrong, or two swapped) turn into the name; case does not
    /// matter; the first of equals.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant; at least one.</param>
    public static string Nearest(string name, IReadOnlyList<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        return candidates.MinBy(candidate => candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase) && name.Length >= LeastBeginning
            ? 0
            : Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()))!;
    }

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
