using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>What a preparation has learnt of the variables of one series, and where the training part began.</summary>
/// <param name="Offset">Place of the first value of the training part.</param>
/// <param name="Variables">What is known of each variable, by name.</param>
internal sealed record SeriesState(int Offset, Dictionary<string, FittedVariable> Variables)
{
    /// <summary>What is known of a variable; the only one may come under another name.</summary>
    internal FittedVariable? Find(string? variable, int count = 1) =>
        variable is not null && Variables.TryGetValue(variable, out FittedVariable? own) ? own
        : Variables.Count == 1 && (variable is null || count == 1) ? Variables.Values.First()
        : null;

    internal Config ToConfig(string name) => new()
    {
        { "name", name },
        { "offset", Offset },
        {
            "variables",
            Variables.Select(pair => new Config
            {
                { "name", pair.Key }, { "end", pair.Value.End }, { "state", pair.Value.GetState() },
            }).ToArray()
        },
    };

    /// <summary>Reads what <see cref="ToConfig"/> has written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static (string Name, SeriesState State) Read(
        string owner, object? raw, Func<ConfigReader, FittedVariable> readVariable)
    {
        ConfigReader reader = Reader(owner, raw);
        string name = reader.OptionalString("name") ?? throw new ConfigException($"{owner}: a series has no name.");
        var variables = new Dictionary<string, FittedVariable>(StringComparer.Ordinal);
        int offset = reader.Int("offset");
        foreach (object? entry in reader.Raw("variables") as IReadOnlyList<object?> ?? [])
        {
            ConfigReader own = Reader(owner, entry);
            string variable = own.OptionalString("name") ?? throw new ConfigException($"{owner}: a variable has no name.");
            ConfigReader state = Reader(owner, own.Raw("state"));
            FittedVariable fitted = readVariable(state);
            state.RefuseUnreadKeys();
            fitted.End = own.Int("end");
            own.RefuseUnreadKeys();
            if (fitted.End < 0 || !variables.TryAdd(variable, fitted))
            {
                throw new ConfigException($"{owner}: the state of variable '{variable}' of series '{name}' is not one.");
            }
        }

        reader.RefuseUnreadKeys();
        return (name, new(offset, variables));
    }

    internal static ConfigReader Reader(string owner, object? raw) => raw is Config config
        ? new ConfigReader(owner, config)
        : throw new ConfigException($"{owner}: a state must be an object.");
}
