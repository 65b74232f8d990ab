using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>What a callback has counted and kept: what it needs to go on in another process as if nothing had happened.</summary>
/// <param name="Values">Numbers, texts, lists of them; numbers must be finite.</param>
/// <param name="Arrays">Larger things by name, such as copies of weights; null for none. Their numbers must be finite.</param>
public sealed record CallbackState(Config Values, IReadOnlyDictionary<string, NDArray>? Arrays = null)
{
    /// <summary>Reads <see cref="Values"/>, with messages that name the callback.</summary>
    /// <param name="owner">The callback.</param>
    public ConfigReader Reader(string owner) => new($"the state of {owner}", Values);

    /// <summary>The array of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ConfigException">There is none.</exception>
    public NDArray Array(string name) => Arrays is { } arrays && arrays.TryGetValue(name, out NDArray? array)
        ? array
        : throw new ConfigException($"the state of a callback lacks the array '{name}'.") { Option = name };
}
