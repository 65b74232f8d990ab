using Recurrent.Cli.Output;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Commands;

/// <summary>The page of a forecast.</summary>
internal static class Reports
{
    private const int Origins = 5;

    /// <summary>What was fitted, in the words of the method; null where it has none.</summary>
    internal static string? Describe(Forecaster forecaster) =>
        forecaster is LocalForecaster local && local.Series.Count == 1 ? local.FitOf().Describe() : null;

    /// <summary>
    /// The page: the forecast beside those of the simple methods, how both did from earlier origins, residuals, training curves
    /// and what was done to the data.
    /// </summary>
    internal static ForecastReport Of(
        TimeSeries series, Forecaster forecaster, Forecast forecast, double seconds, ForecastRun run)
    {
        string variable = forecast.Variables[0];
        var report = new ForecastReport($"Forecast of {series.Name}", series, series.Variables.Count > 1 ? variable : null)
        {
            Subtitle = $"{forecaster.Name}, fitted to {series.Count} values, {forecast.Horizon} "
                + (forecast.Horizon == 1 ? "step" : "steps") + " ahead.",
        };
        report.AddForecast(forecast);
        AddSimple(report, series, forecaster, forecast, run);
        if (forecaster is LocalForecaster local && local.Series.Count == 1)
        {
            LocalFit fit = local.FitOf(variable: variable);
            if (fit.Residuals.Length > 0 && fit.Residuals.Length <= series.Count)
            {
                report.AddResiduals(fit.Residuals.ToArray());
            }

            report.AddFact("Fit", fit.Describe());
        }

        foreach (TrainingCurves training in forecaster.Trainings)
        {
            report.AddTraining(training.Network, training.Values);
        }

        return report.AddPreparation(forecast.Notes).AddFact("Method", forecaster.Name)
            .AddFact("Seconds", Texts.Number(seconds, 3));
    }

    /// <summary>The steps between origins: the horizon, or fewer where half of the series would not be left to fit to.</summary>
    private static int StepOf(int count, int horizon) => Math.Clamp(((count / 2) - horizon) / (Origins - 1), 1, horizon);

    private static void AddSimple(
        ForecastReport report, TimeSeries series, Forecaster forecaster, Forecast forecast, ForecastRun run)
    {
        var roles = new SeriesRoles(Targets: [.. forecast.Variables]);
        TimeSeries known = series.Select([.. forecast.Variables]);
        int season = series.Frequency?.Season ?? 1;
        Forecaster[] simple = [.. new Forecaster[] { new SeasonalNaive(season), new NaiveForecast(), new Drift() }
            .Where(method => method is not SeasonalNaive || season > 1)
            .Where(method => method.ClassName != forecaster.ClassName)];
        foreach (Forecaster method in simple.Take(1))
        {
            try
            {
                method.Fit(known, roles, run);
                report.AddBaseline(method.Predict(forecast.Horizon, run: run));
            }
            catch (ArgumentException exception)
            {
                report.AddPreparation($"{method.Name} is not shown: {exception.Message}");
            }
        }

        if (forecaster.Series.Count > 1)
        {
            return;
        }

        try
        {
            // Fitted once before the first origin, and carried on: a report costs one more fit.
            report.AddBacktest(Backtest.Run(series, [forecaster.Unfitted(), .. simple], new BacktestOptions(forecast.Horizon)
            {
                Folds = Origins,
                Step = StepOf(series.Count, forecast.Horizon),
                Refit = false,
                Roles = forecaster.Roles,
                Run = run,
            }));
        }
        catch (ArgumentException exception)
        {
            report.AddPreparation($"Nothing could be held back to judge by: {exception.Message}");
        }
    }
}
