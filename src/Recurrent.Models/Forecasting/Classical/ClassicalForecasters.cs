using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>The names of simple and classical methods.</summary>
internal static class ClassicalForecasters
{
    /// <summary>Entries of <see cref="Forecasters.Registry"/>, a line each.</summary>
    internal static IEnumerable<KeyValuePair<string, Func<ConfigReader, Forecaster>>> Entries =>
    [
        Forecasters.Entry("SeasonalNaive|seasonal_naive|seasonal-naive|snaive",
            static reader => new SeasonalNaive(reader.OptionalInt("season"))),
        Forecasters.Entry("NaiveForecast|naive", static _ => new NaiveForecast()),
        Forecasters.Entry("Naive2", static reader => new Naive2(reader.OptionalInt("season"))),
        Forecasters.Entry("Drift", static _ => new Drift()),
        Forecasters.Entry("MeanForecast|mean", static _ => new MeanForecast()),
        Forecasters.Entry("MovingAverage|moving_average|moving-average",
            static reader => new MovingAverage(reader.OptionalInt("window"), reader.OptionalInt("season"))),
        Forecasters.Entry("SeasonalNaiveWithGrowth|seasonal_naive_with_growth|seasonal-naive-with-growth",
            SeasonalNaiveWithGrowth.FromConfig),
        Forecasters.Entry("Croston|sba|tsb", Croston.FromConfig),
        Forecasters.Entry("ExponentialSmoothing|exponential_smoothing|exponential-smoothing|ets",
            ExponentialSmoothing.FromConfig),
        Forecasters.Entry("Theta", static reader => new Theta(reader.OptionalInt("season"))),
        Forecasters.Entry("OptimizedTheta|optimized_theta|optimized-theta|dotm",
            static reader => new OptimizedTheta(reader.OptionalInt("season"))),
        Forecasters.Entry("ComplexSmoothing|complex_smoothing|complex-smoothing|ces", ComplexSmoothing.FromConfig),
        Forecasters.Entry("AutoArima|auto_arima|auto-arima", AutoArima.Read),
        Forecasters.Entry("Arima", static reader => reader.Has("p") ? Arima.Read(reader) : AutoArima.Read(reader)),
        Forecasters.Entry("Autoregression|ar", Autoregression.Read),
        Forecasters.Entry("StlForecaster|stl", StlForecaster.Read),
    ];
}
