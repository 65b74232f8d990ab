namespace Recurrent.Registration;

/// <summary>
/// Components of one's own that a file may name, each with what reads its config: Keras's <c>custom_objects</c>. Nothing is found
/// by the name of a type: a file can name what is added here and what the library has, and nothing else.
/// </summary>
/// <example><code>
/// var custom = new CustomObjects().Add&lt;RecurrentCell&gt;("MyCell", MyCell.Read);
/// Sequential model = Sequential.Load("model.json", custom: custom);
/// </code></example>
public sealed class CustomObjects
{
    private readonly List<Entry> entries = [];

    /// <summary>Adds a component.</summary>
    /// <typeparam name="T">The kind of component, such as a layer, a cell or an activation; a type of that kind does
    /// too.</typeparam>
    /// <param name="name">Its <see cref="IConfigurable.ClassName"/>, as it stands in files. It comes before a component of the
    /// library of that name.</param>
    /// <param name="read">Makes the component of its config; an empty config gives the defaults. What it does not ask for is
    /// refused.</param>
    /// <returns>This list.</returns>
    /// <exception cref="ArgumentException">The name is blank, or there already.</exception>
    public CustomObjects Add<T>(string name, Func<ConfigReader, T> read)
        where T : class, IConfigurable
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(read);
        if (Contains(name))
        {
            throw new ArgumentException($"'{name}' is there already. Each name stands for one component.", nameof(name));
        }

        entries.Add(new(name, typeof(T), read));
        return this;
    }

    /// <summary>The names, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. entries.Select(entry => entry.Name)];

    /// <summary>Whether there is a component of a name.</summary>
    /// <param name="name">The name; case matters.</param>
    public bool Contains(string name) => entries.Exists(entry => entry.Name == name);

    /// <summary>The names of one kind of component.</summary>
    internal IEnumerable<string> NamesOf<T>() => entries.Where(entry => typeof(T).IsAssignableFrom(entry.Kind))
        .Select(entry => entry.Name);

    /// <summary>What reads a component of a kind; null where there is none of that name.</summary>
    internal Func<ConfigReader, T>? Find<T>(string name) =>
        entries.Find(entry => entry.Name == name && typeof(T).IsAssignableFrom(entry.Kind)) is { } found
            ? reader => (T)found.Read(reader) ?? throw new ConfigException($"What reads '{name}' gave nothing.")
            : null;

    /// <summary>A component with its kind, which the caller of <see cref="Add"/> wrote in code.</summary>
    private sealed record Entry(string Name, Type Kind, Func<ConfigReader, object> Read);
}
