using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>Lets initializers make the first values, as long as the document may ask for room.</summary>
internal sealed class ParameterBudget(SizeBudget budget) : IParameterSource
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameter is one too many.</exception>
    public bool TryFill(Parameter parameter)
    {
        budget.Take($"The parameter '{parameter.Name}' of shape {NDArray.Describe(parameter.Shape)}", parameter.Size);
        return false;
    }
}
