using System.CommandLine;
using System.Diagnostics;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Accuracy;

/// <summary><c>series</c>: one column of a file, its last steps held out, once or at rolling origins.</summary>
internal static class SeriesCommand
{
    internal static Command Create()
    {
        var file = new Option<string>("--file") { Description = "The file, with a header row.", Required = true };
        var column = new Option<string>("--column") { Description = "The column of values.", Required = true };
        var season = new Option<int?>("--season") { Description = "Season in steps; default that of the dates." };
        var horizon = new Option<int>("--horizon") { Description = "Steps to forecast.", Required = true };
        var rolling = new Option<int>("--rolling") { Description = "Number of origins.", DefaultValueFactory = _ => 1 };
        var step = new Option<int?>("--step") { Description = "Steps between origins; default the horizon." };
        var scale = new Option<int?>("--holdout")
        {
            Description = "How many values at the end do not count towards the scale of MASE; default the horizon.",
        };
        var methods = new MethodOptions();
        var command = new Command("series", "One series of a file.") { file, column, season, horizon, rolling, step, scale };
        methods.AddTo(command);
        methods.Run(command, (parsed, choice) => Score(
            TimeSeries.FromCsv(parsed.GetValue(file)!, parsed.GetValue(column)!),
            Path.GetFileNameWithoutExtension(parsed.GetValue(file)!),
            new(parsed.GetValue(season), parsed.GetValue(horizon), parsed.GetValue(rolling),
                parsed.GetValue(step) ?? parsed.GetValue(horizon), parsed.GetValue(scale) ?? parsed.GetValue(horizon)),
            choice));
        return command;
    }

    private static ScoreLine Score(TimeSeries series, string set, Split split, MethodChoice choice)
    {
        split.Check(series);
        var watch = Stopwatch.StartNew();
        int season = split.Season ?? series.Frequency?.Season ?? 1;
        double[] scale = series.Values[..(series.Count - split.HeldOut)].ToArray();
        var means = new Dictionary<string, double>();
        for (int origin = 0; origin < split.Origins; origin++)
        {
            int end = series.Count - split.Horizon - ((split.Origins - 1 - origin) * split.Step);
            Forecaster method = choice.Create(split.Season, split.Horizon, choice.Seconds is { } seconds
                ? Math.Max(1, seconds - watch.Elapsed.TotalSeconds) / (split.Origins - origin) : null);
            method.Fit(series.Slice(0, end));
            Forecast forecast = method.Predict(split.Horizon);
            Dictionary<string, double> scores = Of(
                series.Values.Slice(end, split.Horizon).ToArray(), forecast.GridOf(), scale, season);
            foreach ((string key, double value) in scores)
            {
                means[key] = means.GetValueOrDefault(key) + (value / split.Origins);
            }

            choice.Log?.WriteLine($"origin {end}: MASE {scores["mase"]:0.000}, {string.Join(" ", forecast.Notes)}");
        }

        var line = new ScoreLine(set, choice.Name);
        foreach (string key in (string[])["mase", "smape", "mae", "mse", "pinball", "crps", "msis", "coverage80", "coverage95"])
        {
            line.Add(key, means[key]);
            if (key == "mse")
            {
                line.Add("rmse", Math.Sqrt(means[key]));
            }
        }

        return line.Add("seconds", watch.Elapsed.TotalSeconds);
    }

    private static Dictionary<string, double> Of(double[] actual, QuantileGrid forecast, double[] scale, int season)
    {
        double[] point = forecast.Point.ToArray();
        (double[] low, double[] high) = forecast.Interval(0.95);
        (double[] low80, double[] high80) = forecast.Interval(0.8);
        double rmse = ForecastMetrics.Rmse(actual, point);
        return new()
        {
            ["mase"] = Scaled(() => ForecastMetrics.Mase(actual, point, scale, season)),
            ["smape"] = ForecastMetrics.Smape(actual, point),
            ["mae"] = ForecastMetrics.Mae(actual, point),
            ["mse"] = rmse * rmse,
            ["pinball"] = (ForecastMetrics.Pinball(actual, low80, 0.1) + ForecastMetrics.Pinball(actual, forecast.Quantile(0.5),
                0.5)
                + ForecastMetrics.Pinball(actual, high80, 0.9)) / 3,
            ["crps"] = ForecastMetrics.Crps(actual, forecast),
            ["msis"] = Scaled(() => ForecastMetrics.Msis(actual, low, high, scale, season)),
            ["coverage80"] = ForecastMetrics.Coverage(actual, low80, high80),
            ["coverage95"] = ForecastMetrics.Coverage(actual, low, high),
        };
    }

    // A series that repeats itself has no scale to divide by.
    private static double Scaled(Func<double> score)
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

    private sealed record Split(int? Season, int Horizon, int Origins, int Step, int HeldOut)
    {
        internal void Check(TimeSeries series)
        {
            if (Season is < 1 || Horizon < 1 || Origins < 1 || Step < 1 || HeldOut < 0)
            {
                throw new ArgumentException("--season, --horizon, --rolling and --step must be at least 1.");
            }

            long needed = Horizon + ((long)(Origins - 1) * Step) + 2;
            if (series.Count < needed || series.Count - HeldOut < 2)
            {
                throw new ArgumentException(
                    $"'{series.Name}' has {series.Count} values; {Origins} origins {Step} steps apart, each with {Horizon} steps "
                    + $"to forecast, need at least {needed}.");
            }
        }
    }
}
