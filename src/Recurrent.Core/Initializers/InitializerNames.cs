using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>The initializers that can be named in code and in files.</summary>
public static class InitializerNames
{
    /// <summary>Every initializer by name.</summary>
    public static Registry<Initializer> Registry { get; } = new("initializer", [
        new("Zeros|zeros", _ => new Zeros()),
    ]);
}
