using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// Which series are sums of which: a country of its states, all sales of those of each shop. Every series is a sum of the ones at
/// the bottom: y = S b.
/// </summary>
/// <example><code>
/// var hierarchy = new Hierarchy(new Dictionary&lt;string, IReadOnlyList&lt;string&gt;&gt;
/// {
///     ["total"] = ["north", "south"],
///     ["north"] = ["a", "b"],
/// });
/// IReadOnlyList&lt;Forecast&gt; coherent = hierarchy.Reconcile(forecaster, forecasts, Reconciliation.MinTrace);
/// </code></example>
public sealed class Hierarchy
{
    private readonly string[] names;
    private readonly string[] bottom;
    private readonly double[,] sums;

    /// <summary>Creates a hierarchy, or a grouped structure in which a series is part of several sums.</summary>
    /// <param name="parts">For each sum the series that it is the sum of.</param>
    /// <exception cref="ArgumentException">A sum has no parts, has a part twice, or is part of itself.</exception>
    public Hierarchy(IReadOnlyDictionary<string, IReadOnlyList<string>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach ((string sum, IReadOnlyList<string> of) in parts)
        {
            if (of.Count == 0 || of.Distinct().Count() != of.Count)
            {
                throw new ArgumentException(of.Count == 0
                    ? $"The sum '{sum}' has no parts. Name the series that it is the sum of, or leave it out."
                    : $"The sum '{sum}' names '{of.GroupBy(part => part).First(same => same.Count() > 1).Key}' twice. Name each "
                    + "part once.", nameof(parts));
            }
        }

        bottom = [.. parts.Values.SelectMany(of => of).Where(name => !parts.ContainsKey(name)).Distinct()];
        names = [.. parts.Keys, .. bottom];
        sums = new double[names.Length, bottom.Length];
        for (int i = 0; i < names.Length; i++)
        {
            Add(names[i], i, parts, []);
        }
    }

    /// <summary>All series: the sums, then those at the bottom.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The series that are no sums.</summary>
    public IReadOnlyList<string> Bottom => bottom;

    /// <summary>The matrix S: for each of <see cref="Names"/>, how often each of <see cref="Bottom"/> is in it.</summary>
    public double[,] SummingMatrix => (double[,])sums.Clone();

    /// <summary>The panel of all series, the sums computed from those at the bottom.</summary>
    /// <param name="panel">The series at the bottom, all over the same steps.</param>
    /// <exception cref="ArgumentException">One is missing, or they are not over the same steps.</exception>
    public SeriesPanel Aggregate(SeriesPanel panel)
    {
        ArgumentNullException.ThrowIfNull(panel);
        TimeSeries[] leaves = [.. bottom.Select(name => panel[name])];
        if (Array.Find(leaves, leaf => leaf.Count != leaves[0].Count
            || (leaf.Dates is { } own && leaves[0].Dates is { } first && !own.SequenceEqual(first))) is { } other)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The series at the bottom must be over the same steps, but '{leaves[0].Name}' has {leaves[0].Count} values and ")
                + FormattableString.Invariant($"'{other.Name}' has {other.Count}")
                + (other.Count == leaves[0].Count ? " of other dates. " : ". ")
                + "Cut them to the steps that all have, or fill what is missing.", nameof(panel));
        }

        return new([.. names.Select((name, i) =>
        {
            var values = new double[leaves[0].Count];
            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                for (int t = 0; t < values.Length && sums[i, leaf] != 0; t++)
                {
                    values[t] += sums[i, leaf] * leaves[leaf].Values[t];
                }
            }

            return leaves[0].With(leaves[0].Variables[0], values).Select(leaves[0].Variables[0]).Rename(name);
        })]);
    }

    /// <summary>Makes forecasts of all series add up.</summary>
    /// <param name="forecasts">A forecast of the first variable of every series, by its name, all over the same steps.</param>
    /// <param name="method">How.</param>
    /// <param name="residuals">For each series the errors of its forecasts one step ahead, for
    /// <see cref="Reconciliation.Variances"/> and <see cref="Reconciliation.MinTrace"/>: as many for each, NaN where one is not
    /// known; null for the other methods.</param>
    /// <returns>Forecasts in the order of <see cref="Names"/>: the points of each sum are the sums of those of its parts, but for
    /// rounding. Distributions keep their shape and move with their points.</returns>
    /// <exception cref="ArgumentException">A series is missing, or residuals are needed and not there.</exception>
    public IReadOnlyList<Forecast> Reconcile(IReadOnlyList<Forecast> forecasts, Reconciliation method,
        IReadOnlyDictionary<string, double[]>? residuals = null)
    {
        ArgumentNullException.ThrowIfNull(forecasts);
        Dictionary<string, Forecast> byName = forecasts.ToDictionary(forecast => forecast.Series);
        Forecast[] all = [.. names.Select(name => byName.TryGetValue(name, out Forecast? found) ? found
            : throw new ArgumentException(
                $"There is no forecast of series '{name}'. Each series needs one: {string.Join(", ", names)}.",
                nameof(forecasts)))];
        int horizon = all[0].Horizon;
        if (Array.Find(all, forecast => forecast.Horizon != horizon) is { } other)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"All forecasts must be over the same steps, but that of '{all[0].Series}' has the horizon {horizon} and ")
                + FormattableString.Invariant($"that of '{other.Series}' {other.Horizon}. Predict all with one horizon."),
                nameof(forecasts));
        }

        double[,] weights = ReconciliationWeights.Of(sums, method, names, residuals);
        var coherent = new double[names.Length][];
        for (int i = 0; i < coherent.Length; i++)
        {
            coherent[i] = new double[horizon];
        }

        var leaves = new double[bottom.Length];
        for (int step = 0; step < horizon; step++)
        {
            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                leaves[leaf] = 0;
                for (int i = 0; i < names.Length; i++)
                {
                    leaves[leaf] += weights[leaf, i] * all[i].Point[step];
                }
            }

            for (int i = 0; i < names.Length; i++)
            {
                for (int leaf = 0; leaf < leaves.Length; leaf++)
                {
                    coherent[i][step] += sums[i, leaf] * leaves[leaf];
                }
            }
        }

        return [.. all.Select((forecast, i) => Moved(forecast, coherent[i]))];
    }

    /// <summary>Makes the forecasts of a fitted method add up, by the errors of its fit where they are needed.</summary>
    /// <param name="fitted">A method fitted to all series of the hierarchy.</param>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="method">How; the errors come from the fit, which must not be one from a file.</param>
    /// <exception cref="ArgumentException">A series is missing, or the fit has no errors.</exception>
    public IReadOnlyList<Forecast> Reconcile(LocalForecaster fitted, int horizon, Reconciliation method = Reconciliation.MinTrace)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        Dictionary<string, double[]>? residuals = null;
        if (method is Reconciliation.Variances or Reconciliation.MinTrace)
        {
            int least = names.Min(name => fitted.FitOf(name).Residuals.Length);
            residuals = names.ToDictionary(name => name, name => fitted.FitOf(name).Residuals[^least..].ToArray());
        }

        return Reconcile(fitted.PredictPanel(horizon), method, residuals);
    }

    private static Forecast Moved(Forecast forecast, double[] point)
    {
        QuantileGrid grid = forecast.GridOf();
        double[] quantiles = [.. grid.Quantiles];
        for (int i = 0; i < quantiles.Length; i++)
        {
            int step = i / QuantileGrid.Levels.Count;
            quantiles[i] += point[step] - grid.Point[step];
        }

        return new(forecast.Series, $"{forecast.Method}, reconciled", [forecast.Variables[0]],
            [QuantileGrid.Of(point, quantiles)],
            forecast.Dates, forecast.Notes);
    }

    private void Add(string name, int row, IReadOnlyDictionary<string, IReadOnlyList<string>> parts, HashSet<string> above)
    {
        if (!parts.TryGetValue(name, out IReadOnlyList<string>? of))
        {
            sums[row, Array.IndexOf(bottom, name)]++;
            return;
        }

        if (!above.Add(name))
        {
            throw new ArgumentException($"'{name}' is part of itself.", nameof(parts));
        }

        foreach (string part in of)
        {
            Add(part, row, parts, above);
        }

        above.Remove(name);
    }
}

/// <summary>How forecasts are made to add up.</summary>
public enum Reconciliation
{
    /// <summary>The forecasts at the bottom, added.</summary>
    BottomUp,

    /// <summary>The nearest coherent forecasts, every series counting the same (Hyndman and others, 2011).</summary>
    LeastSquares,

    /// <summary>Series count by how many of the bottom they hold: no errors are needed.</summary>
    Structure,

    /// <summary>Series count by the variances of their errors.</summary>
    Variances,

    /// <summary>The least variance of the result, from the covariance of the errors, shrunk towards its diagonal (MinT:
    /// Wickramasuriya, Athanasopoulos and Hyndman, 2019).</summary>
    MinTrace,
}
