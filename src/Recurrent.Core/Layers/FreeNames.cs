namespace Recurrent.Layers;

/// <summary>Names as Keras gives them: the class name in snake case, numbered from its second use on.</summary>
/// <param name="taken">The names that are given already; null stands for none.</param>
internal sealed class FreeNames(IEnumerable<string?> taken)
{
    private readonly HashSet<string> names = [.. taken.OfType<string>()];
    private readonly Dictionary<string, int> next = new(StringComparer.Ordinal);

    /// <summary>Takes the first free name of a stem.</summary>
    /// <param name="stem">The class name in snake case.</param>
    public string Take(string stem)
    {
        int number = next.GetValueOrDefault(stem);
        string name;
        do
        {
            name = number == 0 ? stem : FormattableString.Invariant($"{stem}_{number}");
            number++;
        }
        while (!names.Add(name));
        next[stem] = number;
        return name;
    }
}
