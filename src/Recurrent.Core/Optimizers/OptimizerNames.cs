using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The optimizers that can be named in code and in files.</summary>
public static class OptimizerNames
{
    /// <summary>Every optimizer by name.</summary>
    public static Registry<Optimizer> Registry { get; } = new("optimizer", []);
}
