using System.Globalization;

namespace Recurrent.Registration;

/// <summary>
/// Reads a config key by key and checks every value, so that what a factory did not ask for is refused and not ignored.
/// </summary>
public sealed class ConfigReader
{
    private readonly Dictionary<string, object?> values;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    /// <summary>Starts reading.</summary>
    /// <param name="owner">Class name of the component, for messages.</param>
    /// <param name="config">The config.</param>
    /// <param name="custom">Components of one's own that may stand inside, or null.</param>
    public ConfigReader(string owner, Config config, CustomObjects? custom = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        Owner = owner;
        Custom = custom;
        values = config.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
    }

    /// <summary>Class name of the component whose config this is.</summary>
    public string Owner { get; }

    /// <summary>Components of one's own that may stand inside this one, or null.</summary>
    public CustomObjects? Custom { get; }

    /// <summary>How much room the file that this is from may ask for; null for one that is not from a file.</summary>
    internal SizeBudget? Budget { get; init; }

    /// <summary>Whether the config has a key with a value that is not null.</summary>
    /// <param name="key">The key.</param>
    public bool Has(string key) => values.TryGetValue(key, out object? value) && value is not null;

    /// <summary>Whether the config has a key with the value null.</summary>
    /// <param name="key">The key.</param>
    public bool IsNull(string key) => values.TryGetValue(key, out object? value) && value is null;

    /// <summary>The raw value, or null where the key is missing.</summary>
    /// <param name="key">The key.</param>
    public object? Raw(string key)
    {
        read.Add(key);
        return values.GetValueOrDefault(key);
    }

    /// <summary>A whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is missing or null; null makes the key required.</param>
    /// <exception cref="ConfigException">The value is not a whole number of 32 bits, or is missing though required.</exception>
    public int Int(string key, int? fallback = null) => OptionalInt(key) ?? fallback ?? throw Missing(key);

    /// <summary>A whole number that room is made for: it counts against what a file may ask for in all.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is missing or null; null makes the key required.</param>
    /// <param name="each">How many numbers each one needs.</param>
    /// <exception cref="ConfigException">The value is no whole number of 32 bits, or more than the file may ask for.</exception>
    public int Size(string key, int? fallback = null, int each = 1)
    {
        int value = Int(key, fallback);
        Budget?.Take(FormattableString.Invariant($"{Owner}: {key} = {value}"), (long)value * each, key);
        return value;
    }

    /// <summary>A list of integers, or one integer that stands for a list of it alone.</summary>
    /// <param name="key">The option.</param>
    /// <exception cref="ConfigException">The value is missing, or is neither.</exception>
    public IReadOnlyList<int> Ints(string key) => Raw(key) is IReadOnlyList<object?>
        ? [.. OptionalInts(key)!.Select(value => value ?? throw Missing(key))]
        : [Int(key)];

    /// <summary>A whole number or nothing.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is not a whole number of 32 bits.</exception>
    public int? OptionalInt(string key) => Raw(key) switch
    {
        null => null,
        long value when value is >= int.MinValue and <= int.MaxValue => (int)value,
        double value when value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue => (int)value,
        object other => throw Wrong(key, "a whole number", other),
    };

    /// <summary>A number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is missing or null; null makes the key required.</param>
    /// <exception cref="ConfigException">The value is not a finite number, or is missing though required.</exception>
    public double Double(string key, double? fallback = null) => OptionalDouble(key) ?? fallback ?? throw Missing(key);

    /// <summary>A number or nothing.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is not a finite number.</exception>
    public double? OptionalDouble(string key) => Raw(key) switch
    {
        null => null,
        long value => value,
        double value when double.IsFinite(value) => value,
        object other => throw Wrong(key, "a finite number", other),
    };

    /// <summary>True or false.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is missing or null.</param>
    /// <exception cref="ConfigException">The value is neither true nor false.</exception>
    public bool Bool(string key, bool fallback) => Raw(key) switch
    {
        null => fallback,
        bool value => value,
        object other => throw Wrong(key, "true or false", other),
    };

    /// <summary>A text.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is not a text, or is missing.</exception>
    public string String(string key) => OptionalString(key) ?? throw Missing(key);

    /// <summary>A text or nothing.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is not a text.</exception>
    public string? OptionalString(string key) => Raw(key) switch
    {
        null => null,
        string value => value,
        object other => throw Wrong(key, "a text", other),
    };

    /// <summary>A list of whole numbers, some of which may be null.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is something else.</exception>
    public IReadOnlyList<int?>? OptionalInts(string key) => Raw(key) switch
    {
        null => null,
        IReadOnlyList<object?> list when list.All(v => v is null or (long and >= int.MinValue and <= int.MaxValue)) =>
            [.. list.Select(v => (int?)(long?)v)],
        object other => throw Wrong(key, "a list of whole numbers", other),
    };

    /// <summary>A list of texts.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is something else, or is missing.</exception>
    public IReadOnlyList<string> Strings(string key) => OptionalStrings(key) ?? throw Missing(key);

    /// <summary>A list of texts or nothing.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is something else.</exception>
    public IReadOnlyList<string>? OptionalStrings(string key) => Raw(key) switch
    {
        null => null,
        IReadOnlyList<object?> list when list.All(v => v is string) => [.. list.Cast<string>()],
        object other => throw Wrong(key, "a list of texts", other),
    };

    /// <summary>A list of finite numbers.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is something else, or is missing.</exception>
    public IReadOnlyList<double> Doubles(string key) => OptionalDoubles(key) ?? throw Missing(key);

    /// <summary>A list of finite numbers or nothing.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The value is something else.</exception>
    public IReadOnlyList<double>? OptionalDoubles(string key) => Raw(key) switch
    {
        null => null,
        IReadOnlyList<object?> list when list.All(v => v is long || v is double d && double.IsFinite(d)) =>
            [.. list.Select(v => Convert.ToDouble(v, CultureInfo.InvariantCulture))],
        object other => throw Wrong(key, "a list of finite numbers", other),
    };

    /// <summary>A nested component: its name alone, or name and config.</summary>
    /// <typeparam name="T">The kind of component.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="registry">Where the name is looked up.</param>
    /// <exception cref="ConfigException">The value is something else, names no such component, or is missing.</exception>
    public T Component<T>(string key, Registry<T> registry)
        where T : class => OptionalComponent(key, registry) ?? throw Missing(key);

    /// <summary>A nested component: its name alone, or name and config; null where the key is missing or null.</summary>
    /// <typeparam name="T">The kind of component.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="registry">Where the name is looked up.</param>
    /// <exception cref="ConfigException">The value is something else, or names no such component.</exception>
    public T? OptionalComponent<T>(string key, Registry<T> registry)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(registry);
        return Raw(key) switch
        {
            null => null,
            string name => Create(key, ".", () => registry.Create(name, Custom, Budget)),
            MadeComponent { Value: T made } => made,
            ComponentConfig config => Create(key, ".config.", () => registry.Create(config, Custom, Budget)),
            object other => throw Wrong(key, "a name or a component", other),
        };
    }

    /// <summary>A list of nested components.</summary>
    /// <typeparam name="T">The kind of component.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="registry">Where the names are looked up.</param>
    /// <exception cref="ConfigException">The value is something else, or names no such component.</exception>
    public IReadOnlyList<T> Components<T>(string key, Registry<T> registry)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(registry);
        return Raw(key) switch
        {
            IReadOnlyList<object?> list when list.All(entry => entry is ComponentConfig) =>
                [.. list.Select((entry, i) => Create(
                    FormattableString.Invariant($"{key}[{i}]"), ".config.", () =>
                        registry.Create((ComponentConfig)entry!, Custom, Budget)))],
            null => throw Missing(key),
            object other => throw Wrong(key, "a list of components", other),
        };
    }

    /// <summary>A config inside this one, every key of which must be read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads it; its mistakes are told with where they stand.</param>
    /// <exception cref="ConfigException">The value is something else, is missing, or is refused by
    /// <paramref name="read"/>.</exception>
    internal T Nested<T>(string key, Func<ConfigReader, T> read) =>
        Raw(key) is Config config ? Nested(key, config, read) : throw WrongOrMissing(key, "an object");

    /// <inheritdoc cref="Nested{T}(string, Func{ConfigReader, T})"/>
    internal void Nested(string key, Action<ConfigReader> read) => Nested(key, inner =>
    {
        read(inner);
        return true;
    });

    /// <summary>A list of configs inside this one, every key of which must be read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads each.</param>
    /// <exception cref="ConfigException">The value is something else, is missing, or is refused by
    /// <paramref name="read"/>.</exception>
    internal T[] NestedList<T>(string key, Func<ConfigReader, T> read) =>
        Raw(key) is IReadOnlyList<object?> list && list.All(item => item is Config)
            ? [.. list.Select((item, i) => Nested(FormattableString.Invariant($"{key}[{i}]"), (Config)item!, read))]
            : throw WrongOrMissing(key, "a list of objects");

    /// <summary>A list of configs inside this one, some of which may be null.</summary>
    /// <inheritdoc cref="NestedList"/>
    internal T?[] OptionalNestedList<T>(string key, Func<ConfigReader, T> read)
        where T : class => Raw(key) is IReadOnlyList<object?> list && list.All(item => item is null or Config)
            ? [.. list.Select((item, i) => item is Config config
                ? Nested(FormattableString.Invariant($"{key}[{i}]"), config, read) : null)]
            : throw WrongOrMissing(key, "a list of objects, or of null");

    /// <summary>Accepts a key whose value must be the one that this library's behaviour corresponds to.</summary>
    /// <param name="key">The key.</param>
    /// <param name="supported">The supported values; a missing key is always accepted.</param>
    /// <exception cref="ConfigException">The value asks for something that is not supported.</exception>
    public void Expect(string key, params object?[] supported)
    {
        ArgumentNullException.ThrowIfNull(supported);
        object? value = Raw(key);
        if (values.ContainsKey(key) && !supported.Contains(value))
        {
            throw new ConfigException(
                $"{Owner}: {key} = {Describe(value)} is not supported; it must be "
                + $"{string.Join(" or ", supported.Select(Describe))}.")
            { Option = key };
        }
    }

    /// <summary>Refuses the keys that nothing has read.</summary>
    /// <exception cref="ConfigException">There are such keys; the message names them.</exception>
    public void RefuseUnreadKeys()
    {
        string[] unread = [.. values.Keys.Where(key => !read.Contains(key))];
        if (unread.Length > 0)
        {
            string[] options = [.. read.Order(StringComparer.Ordinal)];
            string advice = options.Length == 0
                ? "It has none"
                : $"{Spelling.DidYouMean(unread[0], options)}Its options are {string.Join(", ", options)}";
            throw new ConfigException($"{Owner} has no option {string.Join(", ", unread.Select(k => $"'{k}'"))}. {advice}.")
            {
                Option = unread[0]
            };
        }
    }

    private static string Describe(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        ComponentConfig component => component.ClassName,
        _ => "a nested value",
    };

    /// <summary>What is said of an option that has to be there and is not.</summary>
    internal ConfigException Missing(string key) => new($"{Owner} needs the option '{key}', which is missing.") { Option = key };

    private ConfigException Wrong(string key, string expected, object got) =>
        new($"{Owner}: {key} must be {expected}, but is {Describe(got)}.") { Option = key };

    private ConfigException WrongOrMissing(string key, string expected) =>
        Raw(key) is { } other ? Wrong(key, expected, other) : Missing(key);

    private T Nested<T>(string place, Config config, Func<ConfigReader, T> read)
    {
        try
        {
            var reader = new ConfigReader(place, config, Custom) { Budget = Budget };
            T result = read(reader);
            reader.RefuseUnreadKeys();
            return result;
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            string? option = (exception as ConfigException)?.Option;
            throw new ConfigException(exception.Message, exception) { Option = option is null ? place : $"{place}.{option}" };
        }
    }

    /// <summary>Makes a nested component, and says of what is wrong with it where it stands.</summary>
    private static T Create<T>(string key, string separator, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ConfigException exception)
        {
            throw new ConfigException(exception.Message, exception)
            {
                Option = exception.Option is { } option ? key + separator + option : key,
            };
        }
        catch (ArgumentException exception)
        {
            throw new ConfigException(exception.Message, exception) { Option = key };
        }
    }
}
