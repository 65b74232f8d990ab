namespace Recurrent.Data;

/// <summary>Finds names as people write them.</summary>
internal static class ColumnNames
{
    /// <summary>The places of a name: the exact ones, else those in another case.</summary>
    internal static int[] Find(IReadOnlyList<string> names, string name)
    {
        int[] exact = Places(StringComparison.Ordinal);
        return exact.Length > 0 ? exact : Places(StringComparison.OrdinalIgnoreCase);

        int[] Places(StringComparison comparison) =>
            [.. Enumerable.Range(0, names.Count).Where(place => string.Equals(names[place], name.Trim(), comparison))];
    }
}
