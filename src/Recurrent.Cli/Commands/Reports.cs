using Recurrent.Cli.Output;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Commands;

/// <summary>Makes the pages of --report.</summary>
internal static class Reports
{
    /// <summary>The fit in a line, where the method has one for the series.</summary>
    internal static string? Describe(Forecaster forecaster) =>
        forecaster is LocalForecaster local && local.Series.Count == 1 ? local.FitOf().Describe() : null;

    /// <summary>A page about a forecast.</summary>
    internal static ForecastReport Of(TimeSeries series, Forecaster forecaster, Forecast forecast, double seconds)
    {
        string variable = forecast.Variables[0];
        var report = new ForecastReport($"Forecast of {series.Name}", series, series.Variables.Count > 1 ? variable : null)
        {
            Subtitle = $"{forecaster.Name}, fitted to {series.Count} values, {forecast.Horizon} "
                + (forecast.Horizon == 1 ? "step" : "steps") + " ahead.",
        };
        report.AddForecast(forecast);
        if (forecaster is LocalForecaster local && local.Series.Count == 1)
        {
            LocalFit fit = local.FitOf(variable: variable);
            if (fit.Residuals.Length > 0 && fit.Residuals.Length <= series.Count)
            {
                report.AddResiduals(fit.Residuals.ToArray());
            }

            report.AddFact("Fit", fit.Describe());
        }

        return report.AddFact("Method", forecaster.Name).AddFact("Seconds", Texts.Number(seconds, 3));
    }
}
