namespace Recurrent.Registration;

/// <summary>Finds what somebody probably meant.</summary>
public static class Spelling
{
    /// <summary>The candidate with the smallest edit distance (Levenshtein, case ignored); the first of equals.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant; at least one.</param>
    public static string Nearest(string name, IReadOnlyList<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        return candidates.MinBy(candidate => Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()))!;
    }

    private static int Distance(string a, string b)
    {
        // One row of the classic table is enough: row[j] is the distance of a[..i] to b[..j].
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
