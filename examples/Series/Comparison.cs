using System.Globalization;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Examples.Series;

/// <summary>Methods that are judged side by side on the past of some series.</summary>
/// <param name="Title">What is forecast.</param>
/// <param name="Panel">The series.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Options">From which points of the series, and how far.</param>
internal sealed record Comparison(
    string Title, SeriesPanel Panel, IReadOnlyList<Forecaster> Methods, BacktestOptions Options)
{
    internal static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", $"{name}.csv");

    internal static Comparison Of(string name, SeriesOptions options)
    {
        var training = new NetworkTraining { Epochs = options.Epochs };
        return name switch
        {
            "passengers" => new("Airline passengers, monthly, a year ahead", One("air_passengers"),
                [new SeasonalNaive(), new ExponentialSmoothing(), new AutoArima(), Lstm(24, 12)],
                new BacktestOptions(12) { Folds = 6, Step = 6 }),

            // Their season of eleven years is no season of the calendar: it has to be said.
            "sunspots" => new("Sunspots, monthly, two years ahead", One("sunspots_monthly"),
                [new NaiveForecast(), new SeasonalNaive(132), new Autoregression(), Lstm(132, 24, season: 132)],
                new BacktestOptions(24) { Folds = 3, Step = 120, Season = 132 }),
            "co2" => new("CO₂ over Mauna Loa, monthly, two years ahead", One("co2"),
                [new SeasonalNaive(), new ExponentialSmoothing(), new AutoArima(), Lstm(48, 24)],
                new BacktestOptions(24) { Folds = 4, Step = 12 }),

            // The network sees wind, rain and the night's temperature too; methods of one variable do not.
            "weather" => new("Highest temperature of the day in Seattle, two weeks ahead", Weather("temp_max", "temp_min", "wind",
                "precipitation"), [new NaiveForecast(), new MeanForecast(), new ExponentialSmoothing(), Lstm(28, 14, season: 1)],
                new BacktestOptions(14)
                {
                    Folds = 4,
                    Season = 365,
                    Roles = new SeriesRoles(Targets: ["temp_max"], Past: ["temp_min", "wind", "precipitation"]),
                }),

            // One network for all of them, told the price of petrol, and one without.
            "panel" => new("Killed and injured on the roads of Great Britain, four groups, a year ahead", Roads(),
                [new SeasonalNaive(), new Theta(), new ExponentialSmoothing(), new NLinear(24, 12, training: training),
                    Lstm(24, 12)],
                new BacktestOptions(12)
                {
                    Folds = 4,
                    Step = 6,
                    Roles = new SeriesRoles(Targets: ["casualties"], Past: ["petrol_price"]),
                }),
            _ => new("Rain in Seattle, mostly none, as sales of a slow article: a week ahead", Weather("precipitation"),
                [new NaiveForecast(), new MeanForecast(), new Croston()],
                new BacktestOptions(7) { Folds = 10, Season = 1 }),
        };

        Forecaster Lstm(int lookback, int horizon, int? season = null) =>
            new RecurrentForecaster("LSTM", lookback: lookback, horizon: horizon, season: season, training: training);
    }

    internal void Show(SeriesOptions options, TextWriter output)
    {
        output.WriteLine(Title);
        BacktestResult result = Backtest.Run(Panel, Methods, Options);
        int width = result.Methods.Max(method => method.Length);
        output.WriteLine($"{"Method".PadRight(width)}      MASE     RMSSE      CRPS  in 80 %");
        foreach (BacktestScore score in result.Scores)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{score.Method.PadRight(width)}  {score.Mase,8:0.000}  {score.Rmsse,8:0.000}  {score.Crps,8:G4}  ")
                + string.Create(CultureInfo.InvariantCulture, $"{100 * score.Coverage80,5:0} %"));
        }

        foreach (Recurrent.Forecasting.Comparison verdict in result.Verdicts)
        {
            output.WriteLine(verdict.Verdict);
        }

        if (options.Out.Length > 0)
        {
            string? variable = Panel.Variables.Count > 1 ? Options.Roles?.Targets?[0] : null;
            new ForecastReport(Title, Panel[0], variable).AddBacktest(result)
                .Save(Path.Combine(options.Out, $"{Panel[0].Name}-{Options.Horizon}.html"));
        }
    }

    internal static SeriesPanel Weather(params IReadOnlyList<string> variables) => new(
        [TimeSeries.FromCsv(Data("seattle_weather"), new CsvOptions { Columns = variables })]);

    private static SeriesPanel Roads()
    {
        TimeSeries all = TimeSeries.FromCsv(Data("road_casualties"), new CsvOptions
        {
            Columns = ["killed", "drivers", "front", "rear", "petrol_price"],
        });
        return new([.. all.Variables.Take(4).Select(group => TimeSeries.Create(group, ["casualties", "petrol_price"],
            [all.Variable(group).ToArray(), all.Variable("petrol_price").ToArray()], all.Dates))]);
    }

    private static SeriesPanel One(string name) => new([TimeSeries.FromCsv(Data(name))]);
}
