using Recurrent.Data;

namespace Recurrent.Tests;

/// <summary>The series that the examples bring.</summary>
internal static class TestData
{
    internal static string Folder => Path.Combine(AppContext.BaseDirectory, "data");

    internal static TimeSeries AirPassengers() =>
        TimeSeries.FromCsv(Path.Combine(Folder, "air_passengers.csv"), "passengers", "date");

    internal static TimeSeries Co2() => TimeSeries.FromCsv(Path.Combine(Folder, "co2.csv"), "co2", "date");
}
