namespace Recurrent.Parameters;

/// <summary>Gives parameters their first values in place of their initializers: a file that a model is read from.</summary>
/// <remarks>
/// It is asked parameter by parameter, in the order in which layers add them, before memory is allocated for any of their values.
/// By throwing it stops the building of a model whose sizes it does not believe.
/// </remarks>
internal interface IParameterSource
{
    /// <summary>Gives a parameter its first values, or says that its initializer is to do so.</summary>
    /// <param name="parameter">The parameter, still without memory for its values.</param>
    /// <returns>Whether the parameter has its values now.</returns>
    bool TryFill(Parameter parameter);
}
