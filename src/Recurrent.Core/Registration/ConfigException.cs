namespace Recurrent.Registration;

/// <summary>A config that does not describe a component: an unknown name, a missing or unknown key, a value out of
/// range.</summary>
public sealed class ConfigException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, what was expected and how to mend it.</param>
    public ConfigException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong, what was expected and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public ConfigException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The option that is wrong, as a path below the config (<c>kernel_initializer.config.gain</c>); null where it is
    /// not one option.</summary>
    public string? Option { get; init; }

    /// <summary>Creates the exception without a message.</summary>
    public ConfigException()
    {
    }
}
