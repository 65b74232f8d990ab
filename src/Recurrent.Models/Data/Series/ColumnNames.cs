namespace Recurrent.Data;

/// <summary>Finds names as people write them.</summary>
internal static class ColumnNames
{
    private const int Listed = 20;

    /// <summary>The places of a name: the exact ones, else those in another case, else those with a unit or a sign around the
    /// name: <c>Temp</c> finds <c>Temp (°C)</c>, <c>passengers</c> finds <c>#Passengers</c>.</summary>
    internal static int[] Find(IReadOnlyList<string> names, string name)
    {
        int[] exact = Places(column => string.Equals(column, name.Trim(), StringComparison.Ordinal));
        int[] alike = exact.Length > 0 ? exact
            : Places(column => string.Equals(column, name.Trim(), StringComparison.OrdinalIgnoreCase));
        return alike.Length > 0 || Bare(name).Length == 0 ? alike
            : Places(column => string.Equals(Bare(column), Bare(name), StringComparison.OrdinalIgnoreCase));

        int[] Places(Predicate<string> match) => [.. Enumerable.Range(0, names.Count).Where(place => match(names[place]))];
    }

    /// <summary>Names for a message: the first ones, and how many more there are.</summary>
    internal static string List(IReadOnlyCollection<string> names) => string.Join(", ", names.Take(Listed))
        + (names.Count > Listed ? FormattableString.Invariant($" and {names.Count - Listed} more") : string.Empty);

    /// <summary>A name without a unit in brackets behind it, and without signs before it.</summary>
    private static string Bare(string name)
    {
        int bracket = name.IndexOfAny(['(', '[', '{']);
        return (bracket > 0 ? name[..bracket] : name).Trim().TrimStart('#', '$', '€', '%').TrimEnd('*', ':', '.').Trim();
    }
}
