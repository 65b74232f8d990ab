namespace Recurrent.Forecasting;

/// <summary>What a method says of the next steps of a series: for each variable that it forecasts, and each step, a point and a
/// distribution.</summary>
public sealed class Forecast
{
    private readonly string[] variables;
    private readonly QuantileGrid[] grids;

    /// <summary>Creates a forecast.</summary>
    /// <param name="series">Name of the series.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="variables">The variables that are forecast; at least one.</param>
    /// <param name="grids">The distribution of each variable, all over as many steps.</param>
    /// <param name="dates">The date of each step, or null where none are known.</param>
    /// <param name="notes">What the reader should know: missing values that were filled, for instance; or null.</param>
    /// <exception cref="ArgumentException">The numbers of variables, distributions, steps and dates do not fit.</exception>
    public Forecast(string series, string method, IReadOnlyList<string> variables, IReadOnlyList<QuantileGrid> grids,
        IReadOnlyList<DateTime>? dates = null, IReadOnlyList<string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(grids);
        if (variables.Count == 0 || variables.Count != grids.Count || grids.Any(grid => grid.Horizon != grids[0].Horizon))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There are {variables.Count} variables and {grids.Count} distributions: one for each is needed, and as many ")
                + "steps in all of them.", nameof(grids));
        }

        if (dates is not null && dates.Count != grids[0].Horizon)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There are {grids[0].Horizon} steps but {dates.Count} dates."), nameof(dates));
        }

        Series = series;
        Method = method;
        this.variables = [.. variables];
        this.grids = [.. grids];
        Dates = dates is null ? null : [.. dates];
        Notes = notes is null ? [] : [.. notes];
    }

    /// <summary>Name of the series.</summary>
    public string Series { get; }

    /// <summary>Name of the method.</summary>
    public string Method { get; }

    /// <summary>The variables that are forecast.</summary>
    public IReadOnlyList<string> Variables => variables;

    /// <summary>Number of steps.</summary>
    public int Horizon => grids[0].Horizon;

    /// <summary>The date of each step, or null where none are known.</summary>
    public IReadOnlyList<DateTime>? Dates { get; }

    /// <summary>What the reader should know of how this came to be.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The point forecast of each step of the first variable.</summary>
    public ReadOnlySpan<double> Point => grids[0].Point;

    /// <summary>The point forecast of each step of a variable.</summary>
    /// <param name="variable">Its name.</param>
    /// <exception cref="ArgumentException">It is not forecast; the message says which are.</exception>
    public ReadOnlySpan<double> PointOf(string variable) => GridOf(variable).Point;

    /// <summary>The quantile of each step.</summary>
    /// <param name="probability">Its probability, above 0 and below 1.</param>
    /// <param name="variable">The variable; null for the first one.</param>
    /// <exception cref="ArgumentException">The probability is out of range, or the variable is not forecast.</exception>
    public double[] Quantile(double probability, string? variable = null) => GridOf(variable).Quantile(probability);

    /// <summary>The central interval of each step.</summary>
    /// <param name="coverage">The probability that it holds what comes, above 0 and below 1: 0.8 or 0.95.</param>
    /// <param name="variable">The variable; null for the first one.</param>
    /// <exception cref="ArgumentException">The probability is out of range, or the variable is not forecast.</exception>
    public (double[] Low, double[] High) Interval(double coverage, string? variable = null) =>
        GridOf(variable).Interval(coverage);

    /// <summary>The distribution of each step of a variable.</summary>
    /// <param name="variable">The variable; null for the first one.</param>
    /// <exception cref="ArgumentException">The variable is not forecast; the message says which are.</exception>
    public QuantileGrid GridOf(string? variable = null)
    {
        int place = variable is null ? 0 : Array.IndexOf(variables, variable);
        return place >= 0
            ? grids[place]
            : throw new ArgumentException(
                $"The forecast of series '{Series}' has no variable '{variable}'. It has: {string.Join(", ", variables)}.",
                nameof(variable));
    }

    /// <summary>The same forecast with other distributions.</summary>
    /// <param name="method">Name of the method that made them.</param>
    /// <param name="changed">The distribution of each variable.</param>
    /// <param name="more">Further notes, or null.</param>
    /// <exception cref="ArgumentException">The numbers do not fit.</exception>
    public Forecast With(string method, IReadOnlyList<QuantileGrid> changed, IReadOnlyList<string>? more = null) =>
        new(Series, method, variables, changed, Dates, [.. Notes, .. more ?? []]);

    /// <summary>The distributions, one for each variable.</summary>
    public IReadOnlyList<QuantileGrid> Grids => grids;

    /// <summary>Series, method and number of steps.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Series}: {Horizon} step{(Horizon == 1 ? string.Empty : "s")} by {Method}");
}
