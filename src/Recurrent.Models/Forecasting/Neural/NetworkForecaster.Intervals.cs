namespace Recurrent.Forecasting;

/// <content>Intervals that hold: those of the networks, stretched by what windows say that they were not trained on.</content>
public abstract partial class NetworkForecaster
{
    // Forecasts that intervals are judged by, of all series together, and of one series at most.
    private const int EnoughForecasts = 300;
    private const int MostOrigins = 30;

    // Spans of what was seen last, outside of which no interval is stretched: on the scale of logarithms errors of small
    // values would else be multiples of large ones.
    private const double MostSpans = 3;

    /// <summary>A number that the targets can be, closest to another.</summary>
    private protected virtual double Allowed(double value) => value;

    /// <summary>The distributions with intervals that hold, from those of the networks.</summary>
    private protected IReadOnlyList<IReadOnlyList<QuantileGrid>> Holding(
        NetworkFit own, IReadOnlyList<IReadOnlyList<QuantileGrid>> grids) => own.Intervals is not { } intervals ? grids
        : [.. grids.Select((series, i) => (IReadOnlyList<QuantileGrid>)[.. series.Select((grid, v) =>
        {
            SeriesScale scale = own.Scales[i][v];
            QuantileGrid stretched = intervals.Apply(grid.Map((_, value) => Scaled(scale, value)))
                .Map((_, value) => Allowed(scale.Back(value)));
            return Bounded(stretched, grid, own.Tails[i].Targets[v]);
        })])];

    /// <summary>The distributions of what has never moved: it stays where it is.</summary>
    private static IReadOnlyList<IReadOnlyList<QuantileGrid>> Still(
        NetworkFit own, IReadOnlyList<IReadOnlyList<QuantileGrid>> grids) =>
        [.. grids.Select((series, i) => (IReadOnlyList<QuantileGrid>)[.. series.Select((grid, v) =>
            StillAt(own, i, v) is { } value ? grid.Map((_, _) => value) : grid)])];

    /// <summary>The value of a variable that has never moved, nor since it was fitted; null where it has.</summary>
    private protected static double? StillAt(NetworkFit own, int series, int variable)
    {
        double[] known = [.. own.Tails[series].Targets[variable].Where(double.IsFinite)];
        return own.Scales[series][variable].IsStill && known.Length > 0 && Array.TrueForAll(known, value => value == known[0])
            ? known[0] : null;
    }

    /// <summary>Stretched intervals that end near what was seen, or where the network's own do.</summary>
    private static QuantileGrid Bounded(QuantileGrid stretched, QuantileGrid own, double[] seen)
    {
        double low = seen.Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Min();
        double high = seen.Where(double.IsFinite).DefaultIfEmpty(double.NegativeInfinity).Max();
        double reach = low <= high ? MostSpans * (high - low) : 0;
        return QuantileGrid.Of(stretched.Point, [.. stretched.Quantiles.ToArray().Zip(own.Quantiles.ToArray(), (value, given) =>
            Math.Clamp(value, Math.Min(given, low - reach), Math.Max(given, high + reach)))]);
    }

    /// <summary>A number in units of the deviation of its series.</summary>
    private static double Scaled(SeriesScale scale, double value) =>
        ((scale.IsLog ? Math.Log(Math.Max(value, double.Epsilon)) : value) - scale.Mean) / scale.Deviation;

    /// <summary>Learns from forecasts of what was held back by networks that have not seen it.</summary>
    /// <param name="own">The networks, and all that they know.</param>
    /// <param name="panel">The series.</param>
    /// <param name="run">How the fit is run.</param>
    /// <returns>Null where nothing was held back.</returns>
    private NetworkIntervals? MeasureIntervals(NetworkFit own, NetworkPanel panel, ForecastRun run)
    {
        int most = panel.HeldWindows.Max();
        if (most == 0)
        {
            return null;
        }

        int origins = Math.Clamp(EnoughForecasts / panel.Values.Length, 1, Math.Min(MostOrigins, most));
        int stride = origins == 1 ? 1 : Math.Max(1, (most - 1) / (origins - 1));
        int horizon = own.Sizes.Horizon;
        var outcomes = new List<(QuantileGrid, double[])>();
        for (int origin = 0; origin < origins; origin++)
        {
            // Series that hold back fewer windows have no forecast from there; they still keep their place among the others.
            int back = horizon + (origin * stride);
            bool[] held = [.. panel.HeldWindows.Select(windows => origin * stride < windows)];
            SeriesValues[] known = [.. panel.Values.Select((values, i) =>
                Before(values, values.Count - (held[i] ? back : horizon)))];
            IReadOnlyList<IReadOnlyList<QuantileGrid>> grids = GridsOf(own with { Intervals = null },
                [.. known.Select((values, i) => values.Last(TailOf(own.Sizes)))], horizon, run);
            for (int i = 0; i < known.Length; i++)
            {
                for (int v = 0; v < grids[i].Count && held[i]; v++)
                {
                    SeriesScale scale = own.Scales[i][v];
                    double[] actual = panel.Values[i].Targets[v].AsSpan(known[i].Count, horizon).ToArray();
                    outcomes.Add((grids[i][v].Map((_, value) => Scaled(scale, value)),
                        Array.ConvertAll(actual, value => Scaled(scale, value))));
                }
            }
        }

        double independent = panel.IndependentHeld;
        return NetworkIntervals.Of(outcomes, CalibrationTrust.Cautious(
            outcomes.Sum(outcome => outcome.Item2.Count(double.IsFinite)), independent),
            panel.KeptBack == KeptBack.ForStopping ? independent : null);
    }

    /// <summary>The first steps of a series; covariates that are known ahead stay.</summary>
    private static SeriesValues Before(SeriesValues values, int count) => values with
    {
        Targets = Array.ConvertAll(values.Targets, target => target[..count]),
        Past = Array.ConvertAll(values.Past, past => past[..count]),
    };
}
