using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>The constraints that can be named in code and in files.</summary>
public static class ConstraintNames
{
    /// <summary>Every constraint by name.</summary>
    public static Registry<Constraint> Registry { get; } = new("constraint", [
        new("NonNeg|non_neg|nonneg", _ => new NonNeg()),
    ]);
}
