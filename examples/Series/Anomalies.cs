using System.Globalization;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Examples.Series;

/// <summary>Days that were not as the days before: by forecasts of exponential smoothing, and by an LSTM autoencoder.</summary>
internal static class Anomalies
{
    internal static void Show(SeriesOptions options, TextWriter output)
    {
        TimeSeries heat = Comparison.Weather("temp_max")[0];
        output.WriteLine("Unusual days in Seattle, by the highest temperature");
        foreach (AnomalyScorer scorer in (AnomalyScorer[])
            [new ForecastScorer(new ExponentialSmoothing(season: 1)), new AutoencoderScorer(14, epochs: options.Epochs)])
        {
            var detector = new AnomalyDetector(scorer, new ExtremeValueThreshold(risk: 0.01));
            AnomalyResult result = detector.Fit(heat);
            output.WriteLine($"{scorer.Name}: {result.Anomalies.Count} of {heat.Count} days; the strangest:");
            foreach (Anomaly one in result.Anomalies.OrderByDescending(one => one.Score).Take(5))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {one.Date:yyyy-MM-dd}  {one.Value,5:0.0} °C, score {one.Score:0.00}, limit {result.Limit:0.00}"));
            }

            if (options.Out.Length > 0)
            {
                string file = scorer is AutoencoderScorer ? "anomalies-autoencoder.html" : "anomalies-intervals.html";
                new ForecastReport("Unusual days in Seattle", heat) { Subtitle = $"By {scorer.Name}.", Unit = "°C" }
                    .AddAnomalies(result).Save(Path.Combine(options.Out, file));
            }
        }
    }
}
