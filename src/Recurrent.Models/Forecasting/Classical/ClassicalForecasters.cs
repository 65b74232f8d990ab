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
        Forecasters.Entry("ExponentialSmoothing|exponential_smoothing|exponential-smoothing|ets", ExponentialSmoothing.FromConfig),
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
