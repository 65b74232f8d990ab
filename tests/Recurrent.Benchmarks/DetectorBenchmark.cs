using System.Diagnostics;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Benchmarks;

/// <summary>What a monitor of anomalies takes to score one value and to take it in.</summary>
internal static class DetectorBenchmark
{
    /// <summary>Number of short runs that the times of a step come from.</summary>
    public const int Runs = 400;

    private const int Season = 24;
    private const int Known = 40 * Season;
    private const int Steps = 10 * Season;

    /// <summary>The scorers that are measured, by what they are called.</summary>
    public static IReadOnlyList<KeyValuePair<string, Func<AnomalyScorer>>> Scorers { get; } =
    [
        new("LSTM autoencoder", static () => new AutoencoderScorer(epochs: 4)),
        new("seasonal naive", static () => new ForecastScorer(new SeasonalNaive(Season))),
        new("exponential smoothing", static () => new ForecastScorer(new ExponentialSmoothing(season: Season))),
        new("ARIMA", static () => new ForecastScorer(new AutoArima(season: Season))),
        new("LSTM forecaster", static () => new ForecastScorer(new RecurrentForecaster("LSTM", horizon: 1, lookback: Season,
            season: Season, training: new() { Epochs = 2 }))),
    ];

    /// <summary>
    /// Nanoseconds of one <see cref="AnomalyMonitor.Step"/> of a detector fitted to 40 days of hours, from many short runs after
    /// a warm-up, and the bytes that it allocates.
    /// </summary>
    public static Measurement Measure(string name, Func<AnomalyScorer> create)
    {
        const double Seconds = 2e-3;
        double[] values = Values(Known + Steps);
        var detector = new AnomalyDetector(create());
        detector.Fit(new TimeSeries("hours", values[..Known], new(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
            Frequency.Hourly));
        AnomalyMonitor monitor = detector.Stream();
        int place = 0;
        var warmUp = Stopwatch.StartNew();
        long steps = 0;
        while (warmUp.Elapsed < TimeSpan.FromSeconds(1.5))
        {
            Run(10);
            steps += 10;
        }

        int length = (int)Math.Max(1, steps * Seconds / warmUp.Elapsed.TotalSeconds);
        Timing time = Timing.Of(() => Run(length), Runs);
        int many = Math.Max(1000, length);
        long bytes = Memory.Allocated(() => Run(many));
        return new(
            "detector", name, null,
            new("median_ns_per_step", 1e6 * time.Median / length, "ns a step in the median"),
            new("best_ns_per_step", 1e6 * time.Min / length, "ns a step at best"),
            new("bytes_per_step", (double)bytes / many, "bytes a step"));

        void Run(int count)
        {
            for (int t = 0; t < count; t++)
            {
                monitor.Step(values[Known + (place++ % Steps)]);
            }
        }
    }

    /// <summary>Days that resemble one another.</summary>
    private static double[] Values(int count)
    {
        var random = new System.Random(1);
        return [.. Enumerable.Range(0, count).Select(t =>
            100 + (20 * Math.Sin(2 * Math.PI * t / Season)) + (4 * (random.NextDouble() - 0.5)))];
    }
}
