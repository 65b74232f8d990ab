using Recurrent.Registration;

namespace Recurrent.Regularizers;

/// <summary>The regularizers that can be named in code and in files.</summary>
public static class RegularizerNames
{
    /// <summary>Every regularizer by name.</summary>
    public static Registry<Regularizer> Registry { get; } = new("regularizer", [
        new("L2|l2", c => new L2(c.Double("l2", 0.01))),
    ]);
}
