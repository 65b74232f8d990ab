using System.Collections.Frozen;

namespace Recurrent.Registration;

/// <summary>
/// An explicit list of names and what each one makes. Nothing is ever found by type name or reflection; look-up ignores case.
/// </summary>
/// <typeparam name="T">The kind of component, such as <c>Optimizer</c>.</typeparam>
public sealed class Registry<T>
{
    private readonly string kind;
    private readonly FrozenDictionary<string, Func<ConfigReader, T>> factories;
    private readonly string[] names;

    /// <summary>Creates a registry.</summary>
    /// <param name="kind">What its entries are called in messages: "optimizer".</param>
    /// <param name="entries">
    /// Each name (with its aliases after it, as "Adam|adam") and the factory that reads a config. An empty config gives the
    /// defaults.
    /// </param>
    /// <exception cref="ArgumentException">A name appears twice.</exception>
    public Registry(string kind, IEnumerable<KeyValuePair<string, Func<ConfigReader, T>>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        this.kind = kind;
        var all = new Dictionary<string, Func<ConfigReader, T>>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, Func<ConfigReader, T> factory) in entries)
        {
            foreach (string name in key.Split('|').Distinct(StringComparer.OrdinalIgnoreCase))
            {
                all.Add(name, factory);
            }
        }

        factories = all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        names = [.. all.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Says of a name that is unknown here where it is to be found; null where it knows nothing of it.</summary>
    internal Func<string, string?>? Elsewhere { get; init; }

    /// <summary>Every valid name, sorted.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Whether a name is known.</summary>
    /// <param name="name">The name; case does not matter.</param>
    public bool Contains(string name) => factories.ContainsKey(name);

    /// <summary>Makes a component with its default options.</summary>
    /// <param name="name">The name; case does not matter.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the valid names and the nearest
    /// one.</exception>
    public T Create(string name) => Create(name, new ConfigReader(name, []), null);

    /// <summary>Makes a component from its config.</summary>
    /// <param name="config">Name and hyper-parameters.</param>
    /// <exception cref="ConfigException">The config is not one of this component.</exception>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the valid names and the nearest
    /// one.</exception>
    public T Create(ComponentConfig config) => Create(config, null);

    /// <summary>Makes a component from its config, which may be one of somebody's own, or have such inside.</summary>
    /// <param name="config">Name and hyper-parameters.</param>
    /// <param name="custom">Components of one's own, which come before those of this registry; or null.</param>
    /// <exception cref="ConfigException">The config is not one of this component.</exception>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the valid names and the nearest
    /// one.</exception>
    public T Create(ComponentConfig config, CustomObjects? custom) => Create(config, custom, null);

    /// <inheritdoc cref="Create(ComponentConfig, CustomObjects?)"/>
    internal T Create(ComponentConfig config, CustomObjects? custom, SizeBudget? budget)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Create(config.ClassName, new ConfigReader(config.ClassName, config.Config, custom) { Budget = budget }, custom);
    }

    /// <summary>Makes a component with its default options, which may be one of somebody's own.</summary>
    /// <param name="name">The name; case does not matter but for components of one's own.</param>
    /// <param name="custom">Components of one's own, which come before those of this registry; or null.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the valid names and the nearest
    /// one.</exception>
    public T Create(string name, CustomObjects? custom) => Create(name, custom, null);

    /// <inheritdoc cref="Create(string, CustomObjects?)"/>
    internal T Create(string name, CustomObjects? custom, SizeBudget? budget) =>
        Create(name, new ConfigReader(name, [], custom) { Budget = budget }, custom);

    private T Create(string name, ConfigReader reader, CustomObjects? custom)
    {
        ArgumentNullException.ThrowIfNull(name);
        Func<ConfigReader, T>? factory = custom?.Find<T>(name);
        if (factory is null && !factories.TryGetValue(name, out factory))
        {
            string[] valid = [.. custom?.NamesOf<T>() ?? [], .. names];
            string advice = Elsewhere?.Invoke(name) is { } place ? $"{place} "
                : KerasNames.Contains(kind, name) ? "Keras has it, but this library has not. "
                : Spelling.DidYouMean(name, valid);
            throw new ConfigException($"Unknown {kind} '{name}'. {advice}Valid names: {string.Join(", ", valid)}.");
        }

        T component = factory(reader);
        reader.RefuseUnreadKeys();
        return component;
    }
}
