using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>What all components of a document share while they are read.</summary>
/// <param name="Custom">Components of one's own that the document may name, or null.</param>
/// <param name="Budget">The room that they may ask for in all.</param>
internal sealed record ReadContext(CustomObjects? Custom, SizeBudget Budget)
{
    /// <summary>What a document may ask for under limits.</summary>
    public static ReadContext For(ReadLimits limits, CustomObjects? custom) => new(
        custom, new(limits.MaxParameters, $"If you trust it, raise {nameof(ReadLimits)}.{nameof(ReadLimits.MaxParameters)}"));
}
