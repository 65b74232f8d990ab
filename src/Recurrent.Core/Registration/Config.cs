using System.Collections;

namespace Recurrent.Registration;

/// <summary>
/// The hyper-parameters of a component as plain data, in a fixed order: what a config file holds under <c>config</c>.
/// </summary>
/// <remarks>
/// Keys are Keras's (snake_case). Values are null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="string"/>, a list of such values (<see cref="IReadOnlyList{T}"/> of object), a nested <see cref="Config"/>, or a
/// <see cref="ComponentConfig"/>. How they look in a file is the business of whoever writes the file.
/// </remarks>
public sealed class Config : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> entries = [];

    /// <summary>Number of entries.</summary>
    public int Count => entries.Count;

    /// <summary>Adds an entry. Integers become <see cref="long"/>, floats become <see cref="double"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; see the remarks on the class for its type.</param>
    /// <exception cref="ArgumentException">The key is there already, or the value is of another type.</exception>
    public void Add(string key, object? value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (entries.Exists(e => e.Key == key))
        {
            throw new ArgumentException($"The key '{key}' appears twice.", nameof(key));
        }

        entries.Add(new(key, Normalize(value)));
    }

    /// <summary>Adds an entry, or gives one that is null its value.</summary>
    /// <returns>False where the key has another value already, which stays.</returns>
    internal bool TryFill(string key, object? value)
    {
        int place = entries.FindIndex(entry => entry.Key == key);
        if (place < 0)
        {
            Add(key, value);
            return true;
        }

        if (entries[place].Value is not null)
        {
            return false;
        }

        entries[place] = new(key, Normalize(value));
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => entries.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static object? Normalize(object? value) => value switch
    {
        null or bool or long or double or string or Config or ComponentConfig or MadeComponent => value,
        int integer => (long)integer,
        float single => (double)single,
        IConfigurable component => ComponentConfig.Of(component),
        IEnumerable list => list.Cast<object?>().Select(Normalize).ToArray(),
        _ => throw new ArgumentException($"A config cannot hold a value of type {value.GetType()}.", nameof(value)),
    };
}

/// <summary>A component that can be written to a config and made again from it.</summary>
public interface IConfigurable
{
    /// <summary>The name under which the component is registered, as Keras writes it (<c>GlorotUniform</c>).</summary>
    string ClassName { get; }

    /// <summary>The component's hyper-parameters.</summary>
    Config GetConfig();
}

/// <summary>A registered name with its hyper-parameters: a component as data.</summary>
/// <param name="ClassName">The registered name.</param>
/// <param name="Config">The hyper-parameters.</param>
public sealed record ComponentConfig(string ClassName, Config Config)
{
    /// <summary>The config of a component.</summary>
    /// <param name="component">The component.</param>
    public static ComponentConfig Of(IConfigurable component)
    {
        ArgumentNullException.ThrowIfNull(component);
        return new(component.ClassName, component.GetConfig());
    }
}

/// <summary>A component inside another one's config that is made already, because other places of a document share it.</summary>
/// <param name="Value">The component.</param>
internal sealed record MadeComponent(object Value);
