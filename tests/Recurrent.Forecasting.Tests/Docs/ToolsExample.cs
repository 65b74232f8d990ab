using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Docs;

/// <summary>The code of docs/forecasting-tools.md.</summary>
internal static class ToolsExample
{
    internal static void Report(
        TimeSeries history, TimeSeries heldOut, Forecast forecast, BacktestResult result, LocalFit fit)
    {
        new ForecastReport("Sales", history)
            .AddForecast(forecast)                       // with its fan of 50, 80 and 95 %
            .AddTruth(heldOut)                           // what came
            .AddBacktest(result)                         // scores of all methods, origins of one, the verdict
            .AddResiduals(fit.Residuals.ToArray())       // their course, autocorrelation and distribution
            .AddPreparation("3 missing values were filled on a straight line.")
            .Save("report.html");
    }

    internal static bool Detect(TimeSeries series)
    {
        var detector = new AnomalyDetector(new ForecastScorer(new ExponentialSmoothing()));
        AnomalyResult found = detector.Fit(series);
        foreach (Anomaly one in found.Anomalies)
        {
            Console.WriteLine($"{one.Date}: {one.Value}, expected {one.Expected}");
        }

        AnomalyMonitor monitor = detector.Stream();                  // goes on where the series ends
        bool strange = monitor.Step(42.0).IsAnomaly;
        detector.Save("detector.json");                              // AnomalyDetector.Load reads it: the same scores, to the bit
        return strange;
    }
}
