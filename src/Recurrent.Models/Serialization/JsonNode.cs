using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>A value of a document and where it stands. Whatever is asked of it and is not there is refused with that
/// path.</summary>
/// <param name="Path">Where the value stands: <c>config.layers[2]</c>; empty for the whole document.</param>
/// <param name="Value">The value, as <see cref="JsonTree"/> makes it.</param>
internal readonly record struct JsonNode(string Path, object? Value)
{
    private const int MaxRank = 32;

    public bool IsNull => Value is null;

    /// <summary>The entries of an object.</summary>
    public IReadOnlyDictionary<string, object?> Entries => Value as Dictionary<string, object?> ?? throw Expected("an object");

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<JsonNode> Items
    {
        get
        {
            string path = Path;
            return [.. (Value as List<object?> ?? throw Expected("a list")).Select(
                (item, i) => new JsonNode(FormattableString.Invariant($"{path}[{i}]"), item))];
        }
    }

    /// <summary>What stands under a key that must be there.</summary>
    public JsonNode this[string key] => Entries.TryGetValue(key, out object? value)
        ? new(Below(key), value)
        : throw Fail($"the key '{key}' is missing.");

    /// <summary>What stands under a key; null where the key is missing or its value is null.</summary>
    public JsonNode? Optional(string key) => Entries.TryGetValue(key, out object? value) && value is not null
        ? new(Below(key), value) : null;

    /// <summary>Refuses keys other than these.</summary>
    /// <param name="keys">The keys that the object may have.</param>
    public JsonNode Allow(params string[] keys)
    {
        foreach (string key in Entries.Keys)
        {
            if (!keys.Contains(key))
            {
                throw new ModelFormatException(
                    Below(key),
                        $"there is no such key here. {Spelling.DidYouMean(key, keys)}Valid keys: {string.Join(", ", keys)}.");
            }
        }

        return this;
    }

    public string Text() => Value as string ?? throw Expected("a text");

    public bool Flag() => Value is bool flag ? flag : throw Expected("true or false");

    /// <summary>A whole number within bounds.</summary>
    public long Whole(long least, long most) => Value is long number && number >= least && number <= most
        ? number
        : throw Expected(FormattableString.Invariant($"a whole number from {least} to {most}"));

    /// <summary>A shape, in which an axis may be unknown.</summary>
    public int?[] Axes()
    {
        IReadOnlyList<JsonNode> items = Items;
        return items.Count <= MaxRank
            ? [.. items.Select(item => item.IsNull ? (int?)null : (int)item.Whole(1, int.MaxValue))]
            : throw Fail("the shape has too many axes.");
    }

    /// <summary>An exception that says what is wrong with this value.</summary>
    public ModelFormatException Fail(string problem, Exception? cause = null) => new(Path, problem, cause);

    /// <summary>The path of a key of this object.</summary>
    public string Below(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>Whether two values are the same but for what stands under a key.</summary>
    /// <param name="a">A value.</param>
    /// <param name="b">Another one.</param>
    /// <param name="aside">The key.</param>
    public static bool Same(object? a, object? b, string aside) => (a, b) switch
    {
        (Dictionary<string, object?> x, Dictionary<string, object?> y) =>
            x.Keys.Where(key => key != aside).All(key => y.TryGetValue(key, out object? other) && Same(x[key], other, aside))
            && y.Keys.All(key => key == aside || x.ContainsKey(key)),
        (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(pair => Same(pair.First, pair.Second, aside)),
        _ => Equals(a, b),
    };

    private ModelFormatException Expected(string what) => Fail($"expected {what}, but this is {Describe(Value)}.");

    private static string Describe(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string { Length: <= 64 } text => $"the text '{text}'",
        string => "a long text",
        IFormattable number => $"the number {number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}",
        Dictionary<string, object?> => "an object",
        ArrayBytes { ArePlain: false } => "a text of base64",
        _ => "a list",
    };
}
