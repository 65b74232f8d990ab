namespace Recurrent.Forecasting;

/// <summary>What each variable of a series is for.</summary>
/// <param name="Targets">The variables to forecast; null for all that are not named elsewhere.</param>
/// <param name="Past">Covariates whose values are known up to the last step: measured beside the targets.</param>
/// <param name="Future">Covariates whose values are known ahead: prices that were set, holidays, a weather forecast.</param>
/// <param name="Static">Attributes of the series in a panel, which do not change with time.</param>
public sealed record SeriesRoles(
    IReadOnlyList<string>? Targets = null,
    IReadOnlyList<string>? Past = null,
    IReadOnlyList<string>? Future = null,
    IReadOnlyList<string>? Static = null)
{
    /// <summary>The roles with every target named.</summary>
    /// <param name="series">Name of the series, for messages.</param>
    /// <param name="variables">The variables that there are.</param>
    /// <exception cref="ArgumentException">A name is not there, stands twice, or nothing is left to forecast.</exception>
    internal SeriesRoles Resolve(string series, IReadOnlyList<string> variables)
    {
        string[] past = [.. Past ?? []];
        string[] future = [.. Future ?? []];
        string[] targets = [.. Targets ?? [.. variables.Where(name => !past.Contains(name) && !future.Contains(name))]];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in targets.Concat(past).Concat(future))
        {
            if (!variables.Contains(name))
            {
                throw new ArgumentException($"Series '{series}' has no variable '{name}'. It has: "
                    + string.Join(", ", variables) + ".");
            }

            if (!seen.Add(name))
            {
                throw new ArgumentException($"The variable '{name}' has two roles. Give each variable one.");
            }
        }

        return targets.Length > 0
            ? new(targets, past, future, [.. Static ?? []])
            : throw new ArgumentException(
                $"Series '{series}' has no variable left to forecast: all {variables.Count} are covariates. Name the targets.");
    }
}

/// <summary>Covariates that a method can use.</summary>
[Flags]
public enum Covariates
{
    /// <summary>None: it sees the targets alone.</summary>
    None = 0,

    /// <summary>Those known up to the last step.</summary>
    Past = 1,

    /// <summary>Those known ahead.</summary>
    Future = 2,

    /// <summary>Attributes of the series.</summary>
    Static = 4,
}
