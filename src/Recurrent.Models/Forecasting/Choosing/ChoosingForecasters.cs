using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>The names of methods that choose, combine or calibrate others.</summary>
internal static class ChoosingForecasters
{
    /// <summary>Entries of <see cref="Forecasters.Registry"/>, a line each.</summary>
    internal static IEnumerable<KeyValuePair<string, Func<ConfigReader, Forecaster>>> Entries =>
    [
        Forecasters.Entry("Ensemble|ensemble", Ensemble.Read),
        Forecasters.Entry("Conformal|conformal", Conformal.Read),
        Forecasters.Entry("Prepared|prepared", Prepared.Read),
        Forecasters.Entry("Recent|recent", Recent.Read),
        Forecasters.Entry("AutoForecaster|auto", AutoForecaster.Read),
    ];
}
