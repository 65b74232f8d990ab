namespace Recurrent.Tensors;

/// <summary>A tuple of a pickle.</summary>
/// <param name="Items">What it holds.</param>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A dictionary of a pickle, in the order in which keys came in.</summary>
internal sealed class PickleDictionary
{
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, object?>> entries = [];

    /// <summary>Keys and values.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Entries => entries;

    /// <summary>Sets a value.</summary>
    public object? this[string key]
    {
        get => places.TryGetValue(key, out int place) ? entries[place].Value : null;
        set
        {
            if (places.TryAdd(key, entries.Count))
            {
                entries.Add(new(key, value));
            }
            else
            {
                entries[places[key]] = new(key, value);
            }
        }
    }
}
