namespace Recurrent.Forecasting;

/// <summary>Paths that a series might take.</summary>
public sealed class SamplePaths
{
    private readonly string[] variables;
    private readonly double[][][] paths;

    /// <summary>Creates the paths.</summary>
    /// <param name="series">Name of the series.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="variables">The variables.</param>
    /// <param name="paths">For each variable the paths, each with a number for every step.</param>
    /// <param name="dates">The date of each step, or null.</param>
    /// <exception cref="ArgumentException">There are no paths, or they are not of one length.</exception>
    public SamplePaths(string series, string method, IReadOnlyList<string> variables, IReadOnlyList<double[][]> paths,
        IReadOnlyList<DateTime>? dates = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(paths);
        if (variables.Count == 0 || paths.Count != variables.Count || paths[0].Length == 0
            || paths.Any(of => of.Length != paths[0].Length || of.Any(path => path.Length != paths[0][0].Length)))
        {
            throw new ArgumentException("Every variable must have as many paths, all of one length.", nameof(paths));
        }

        Series = series;
        Method = method;
        this.variables = [.. variables];
        this.paths = [.. paths];
        Dates = dates;
    }

    /// <summary>Name of the series.</summary>
    public string Series { get; }

    /// <summary>Name of the method.</summary>
    public string Method { get; }

    /// <summary>The variables.</summary>
    public IReadOnlyList<string> Variables => variables;

    /// <summary>Number of paths.</summary>
    public int Count => paths[0].Length;

    /// <summary>Number of steps.</summary>
    public int Horizon => paths[0][0].Length;

    /// <summary>The date of each step, or null.</summary>
    public IReadOnlyList<DateTime>? Dates { get; }

    /// <summary>A path of the first variable.</summary>
    /// <param name="path">Which one, from 0.</param>
    public IReadOnlyList<double> this[int path] => paths[0][path];

    /// <summary>The paths of a variable.</summary>
    /// <param name="variable">Its name; null for the first one.</param>
    /// <exception cref="ArgumentException">There is no such variable.</exception>
    public IReadOnlyList<double[]> Of(string? variable = null)
    {
        int place = variable is null ? 0 : Array.IndexOf(variables, variable);
        return place >= 0 ? paths[place] : throw new ArgumentException(
            $"There are no paths of a variable '{variable}'. There are of: {string.Join(", ", variables)}.", nameof(variable));
    }
}
