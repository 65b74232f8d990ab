using Recurrent.Registration;

namespace Recurrent.Regularizers;

/// <summary>The regularizers that can be named in code and in files.</summary>
public static class RegularizerNames
{
    /// <summary>Every regularizer by name.</summary>
    public static Registry<Regularizer> Registry { get; } = new("regularizer", [
        new("L1|l1", c => new L1(c.Double("l1", 0.01))),
        new("L1L2|l1_l2", c => new L1L2(c.Double("l1", 0), c.Double("l2", 0))),
        new("L2|l2", c => new L2(c.Double("l2", 0.01))),
        new("OrthogonalRegularizer|orthogonal_regularizer", c => new OrthogonalRegularizer(
            c.Double("factor", 0.01),
            c.OptionalString("mode") ?? "rows")),
    ]);
}
