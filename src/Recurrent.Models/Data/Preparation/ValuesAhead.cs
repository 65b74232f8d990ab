namespace Recurrent.Data;

/// <summary>A forecast of one variable of one series, as numbers: what follows right behind the history that a preparation was
/// fitted on.</summary>
/// <param name="Point">The point forecast at each step.</param>
/// <param name="Quantiles">For each level of the forecast's quantiles the value at each step; may be empty.</param>
/// <param name="Variable">Name of the variable; null for the only one.</param>
/// <param name="Series">Name of the series; null for the only one.</param>
public sealed record ValuesAhead(
    double[] Point, IReadOnlyList<double[]> Quantiles, string? Variable = null, string? Series = null)
{
    /// <summary>A point forecast, or a path, alone.</summary>
    /// <param name="point">The value at each step.</param>
    /// <param name="variable">Name of the variable; null for the only one.</param>
    /// <param name="series">Name of the series; null for the only one.</param>
    public ValuesAhead(double[] point, string? variable = null, string? series = null)
        : this(point, [], variable, series)
    {
    }
}
