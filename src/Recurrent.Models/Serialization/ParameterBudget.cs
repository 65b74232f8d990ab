using Recurrent.Parameters;

namespace Recurrent.Serialization;

/// <summary>Lets initializers make the first values, up to a number of weights in all.</summary>
internal sealed class ParameterBudget(long limit) : IParameterSource
{
    private long total;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameter is one too many.</exception>
    public bool TryFill(Parameter parameter)
    {
        total += parameter.Size;
        return total <= limit
            ? false
            : throw new ArgumentException(FormattableString.Invariant(
                $"With the parameter '{parameter.Name}' of shape {NDArray.Describe(parameter.Shape)} the model has more than {limit} weights. If you trust it, raise {nameof(ReadLimits)}.{nameof(ReadLimits.MaxParameters)}."));
    }
}
