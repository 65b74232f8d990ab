using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>The activation functions that can be named in code and in files.</summary>
public static class ActivationNames
{
    /// <summary>Every activation by name.</summary>
    public static Registry<ActivationFunction> Registry { get; } = new("activation", [
        new("linear", _ => new Linear()),
        new("tanh", _ => new Tanh()),
        new("sigmoid", _ => new Sigmoid()),
    ]);
}
