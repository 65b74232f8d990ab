namespace Recurrent.Data;

/// <summary>Categories as the numbers 0, 1, 2, … in their order; what is unknown is missing where it is not refused.</summary>
/// <param name="ignoreUnknown">Whether a category that the training part does not hold is missing; otherwise it is
/// refused.</param>
/// <param name="variables">Names of the variables that it is for; null for all.</param>
public sealed class Ordinal(bool ignoreUnknown = false, IReadOnlyList<string>? variables = null)
    : CategoryPreparation(ignoreUnknown, variables)
{
    /// <inheritdoc/>
    public override string ClassName => nameof(Ordinal);
}
