using System.Globalization;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Examples.Forecasting;

/// <summary>Scores the network beside the simple methods, says which wins, and draws it all.</summary>
internal sealed class Report
{
    // Within this share of each other, two scores on a single split say little.
    private const double CloseCall = 0.2;

    private readonly ForecastingTask task;
    private readonly string network;
    private readonly string label;
    private readonly double[][] quantiles;
    private readonly (string Name, double[] Values)[] baselines;

    /// <summary>Scores everything.</summary>
    /// <param name="task">The series and its split.</param>
    /// <param name="network">What sentences call the network: LSTM.</param>
    /// <param name="label">What tables call it: LSTM (median of 5 seeds).</param>
    /// <param name="quantiles">Its forecast: lower bound, median, upper bound.</param>
    internal Report(ForecastingTask task, string network, string label, double[][] quantiles)
    {
        this.task = task;
        this.network = network;
        this.label = label;
        this.quantiles = quantiles;
        var growth = new SeasonalNaiveWithGrowth(task.Season, task.Transform);
        var seasonal = new SeasonalNaive(task.Season);
        baselines =
        [
            Baseline(new NaiveForecast()),
            .. task.Season > 1 ? [(seasonal.Name, seasonal.Forecast(task.Training.Values, task.Horizon))]
                : Array.Empty<(string, double[])>(),
            Baseline(growth),
        ];
        Network = Score(task, label, quantiles[1]);
        Scores = [Network, .. baselines.Select(baseline => Score(task, baseline.Name, baseline.Values))];
    }

    /// <summary>The score of the network.</summary>
    internal ForecastScore Network { get; }

    /// <summary>The score of every method, the network first.</summary>
    internal IReadOnlyList<ForecastScore> Scores { get; }

    /// <summary>Which method wins, in one honest sentence.</summary>
    internal string Verdict
    {
        get
        {
            ForecastScore simple = Scores.Skip(1).MinBy(score => score.Mase)!;
            string close = Math.Abs(Network.Mase - simple.Mase) < CloseCall * Math.Max(Network.Mase, simple.Mase)
                ? " That is close: one split is one draw."
                : string.Empty;
            return Network.Mase < simple.Mase
                ? string.Create(CultureInfo.InvariantCulture,
                $"On these {task.Horizon} steps the {network} wins, with a MASE of {Network.Mase:0.000}; ")
                    + FormattableString.Invariant($"the best simple method, {simple.Name}, has {simple.Mase:0.000}.{close}")
                : string.Create(CultureInfo.InvariantCulture,
                $"On these {task.Horizon} steps {simple.Name} wins, with a MASE of {simple.Mase:0.000}; ")
                    + string.Create(CultureInfo.InvariantCulture,
                    $"the {network} has {Network.Mase:0.000}, so the simple method is the one to use.")
                    + close;
        }
    }

    /// <summary>How often the 80 % interval was right.</summary>
    internal string Coverage => string.Create(CultureInfo.InvariantCulture,
        $"{100 * ForecastMetrics.Coverage(task.HeldOut.Values, quantiles[0], quantiles[2]):0} % of the held-out values lie in "
        + $"the 80 % interval of the {network}.");

    internal static ForecastScore Score(ForecastingTask task, string name, double[] forecast) =>
        ForecastScore.Of(name, task.HeldOut.Values, forecast, task.Training.Values, task.Season);

    internal void WriteTable(TextWriter output)
    {
        int width = Scores.Max(score => score.Name.Length);
        output.WriteLine($"{"Method".PadRight(width)}        RMSE     sMAPE      MASE");
        foreach (ForecastScore score in Scores)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                    $"{score.Name.PadRight(width)}  {score.Rmse,10:G4}  {score.Smape,6:0.00} %  {score.Mase,8:0.000}"));
        }
    }

    internal ForecastChart Chart(string unit)
    {
        var chart = new ForecastChart($"Forecast of {task.Training.Name}", unit)
        {
            Subtitle =
                $"{network} of Recurrent, trained on {task.Training.Count} values; the {task.Horizon} that followed were "
                + "held out.",
            Note = $"{Verdict} {Coverage}",
        };
        chart.AddHistory(task.Training)
            .AddTruth(task.HeldOut)
            .AddForecast(After(label, quantiles[1]))
            .AddInterval("80 % interval", After("lower bound", quantiles[0]), After("upper bound", quantiles[2]))
            .AddScores(Scores);
        foreach ((string name, double[] values) in baselines)
        {
            chart.AddBaseline(After(name, values));
        }

        return chart;
    }

    private (string Name, double[] Values) Baseline(LocalForecaster baseline) =>
        (baseline.Name, baseline.Forecast(task.Training.Values, task.Horizon));

    private TimeSeries After(string name, double[] values) => task.Training.Continue(name, values);
}
