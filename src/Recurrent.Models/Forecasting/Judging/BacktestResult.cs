namespace Recurrent.Forecasting;

/// <summary>What methods said of the past, scored.</summary>
public sealed partial class BacktestResult
{
    private readonly BacktestOptions options;
    private readonly HashSet<string> simple;

    internal BacktestResult(IReadOnlyList<BacktestForecast> forecasts, IReadOnlyList<Forecaster> methods,
        IReadOnlyList<string> labels,
        BacktestOptions options, IReadOnlyList<string> notes)
    {
        Forecasts = forecasts;
        Methods = labels;
        simple = [.. labels.Where((_, i) => SimpleNames.Contains(methods[i].ClassName))];
        Notes = notes;
        this.options = options;
        Scores = [.. Methods.Select(method => Score(method))];
    }

    /// <summary>Every forecast, method by method, fold by fold.</summary>
    public IReadOnlyList<BacktestForecast> Forecasts { get; }

    /// <summary>The methods.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>What the reader should know: series that were left out, for instance.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The scores of each method over everything, in the order of the methods.</summary>
    public IReadOnlyList<BacktestScore> Scores { get; }

    /// <summary>The scores of each method on each series.</summary>
    public IReadOnlyList<BacktestScore> BySeries() => [.. Methods.SelectMany(method => Forecasts
        .Where(forecast => forecast.Forecast.Method == method).Select(forecast => forecast.Forecast.Series).Distinct()
        .Select(series => Score(method, series)))];

    /// <summary>The scores of each method at each step ahead.</summary>
    public IReadOnlyList<BacktestScore> ByStep() => [.. Methods.SelectMany(method =>
        Enumerable.Range(1, options.Horizon).Select(step => Score(method, step: step)))];

    /// <summary>The scores of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="series">One series; null for all.</param>
    /// <param name="step">One step ahead, from 1; null for all.</param>
    /// <param name="variable">One target; null for all.</param>
    /// <exception cref="ArgumentException">There is no such forecast.</exception>
    public BacktestScore Score(string method, string? series = null, int? step = null, string? variable = null)
    {
        var rows = new List<double[]>();
        int count = 0;
        foreach (BacktestForecast one in Forecasts.Where(one => one.Forecast.Method == method
            && (series is null || one.Forecast.Series == series)))
        {
            foreach (string target in one.Forecast.Variables.Where(name => variable is null || name == variable))
            {
                int known = Known(one, target, step);
                if (known > 0)
                {
                    rows.Add(Row(one, target, step));
                    count += known;
                }
            }
        }

        if (rows.Count == 0)
        {
            throw new ArgumentException($"There is no forecast by '{method}'"
                + (series is null ? string.Empty : $" of series '{series}'") + " whose outcome is known. Methods: "
                + string.Join(", ", Methods) + ".");
        }

        double[] mean = [.. Enumerable.Range(0, rows[0].Length).Select(place =>
            rows.Select(row => row[place]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average())];
        return new(method, series, step, count)
        {
            Mase = mean[0],
            Rmsse = mean[1],
            Smape = mean[2],
            Wmape = mean[3],
            Rmse = RootMeanSquare([.. rows.Select(row => row[4])]),
            Mae = mean[5],
            Pinball = mean[6],
            Crps = mean[7],
            Msis = mean[8],
            Coverage80 = mean[9],
            Coverage95 = mean[10],
        };
    }

    private static double RootMeanSquare(double[] values) =>
        ForecastMetrics.Rmse(values, new double[values.Length]);

    private static int Known(BacktestForecast one, string target, int? step)
    {
        ReadOnlySpan<double> actual = one.Actual.Variable(target);
        int known = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            known += (step is null || step == i + 1) && !double.IsNaN(actual[i]) ? 1 : 0;
        }

        return known;
    }

    private double[] Row(BacktestForecast one, string target, int? step)
    {
        Range part = step is { } only ? (only - 1)..only : ..;
        double[] actual = one.Actual.Variable(target)[part].ToArray();
        QuantileGrid grid = one.Forecast.GridOf(target);
        double[] point = grid.Point[part].ToArray();
        double[] training = one.Training.Variable(target).ToArray();
        int season = options.Season ?? one.Training.Frequency?.Season ?? 1;
        double[] Part(double[] all) => all[part];
        (double[] low, double[] high) = grid.Interval(0.95);
        (double[] low80, double[] high80) = grid.Interval(0.8);
        return
        [
            OrNone(() => ForecastMetrics.Mase(actual, point, training, season)),
            OrNone(() => ForecastMetrics.Rmsse(actual, point, training, season)),
            ForecastMetrics.Smape(actual, point),
            OrNone(() => ForecastMetrics.Wmape(actual, point)),
            ForecastMetrics.Rmse(actual, point),
            ForecastMetrics.Mae(actual, point),
            (ForecastMetrics.Pinball(actual, Part(low80), 0.1) + ForecastMetrics.Pinball(actual, Part(grid.Quantile(0.5)), 0.5)
                + ForecastMetrics.Pinball(actual, Part(high80), 0.9)) / 3,
            step is null ? ForecastMetrics.Crps(actual, grid) : grid.Crps(step.Value - 1, actual[0]),
            OrNone(() => ForecastMetrics.Msis(actual, Part(low), Part(high), training, season)),
            ForecastMetrics.Coverage(actual, Part(low80), Part(high80)),
            ForecastMetrics.Coverage(actual, Part(low), Part(high)),
        ];
    }

    // A training part that repeats itself, or is shorter than a season, sets no scale.
    private static double OrNone(Func<double> score)
    {
        try
        {
            return score();
        }
        catch (ArgumentException)
        {
            return double.NaN;
        }
    }
}
