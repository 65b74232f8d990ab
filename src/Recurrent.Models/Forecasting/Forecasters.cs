using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>All methods by name.</summary>
public static class Forecasters
{
    /// <summary>The methods, as files and command lines name them.</summary>
    public static Registry<Forecaster> Registry { get; } = new("forecaster",
    [
        .. ClassicalForecasters.Entries,
        .. ChoosingForecasters.Entries,
        .. NetworkForecasters.Entries,
    ]);

    /// <summary>An entry of the registry.</summary>
    /// <param name="names">The class name and the short names, with a bar between them: <c>SeasonalNaive|snaive</c>.</param>
    /// <param name="read">Makes the method of its config.</param>
    internal static KeyValuePair<string, Func<ConfigReader, Forecaster>> Entry(
        string names, Func<ConfigReader, Forecaster> read) => new(names, read);
}
