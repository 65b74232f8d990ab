using Recurrent.Data;
using Recurrent.Examples.Service;
using Recurrent.Forecasting;

// dotnet run -c Release --project examples/Service [-- model.json]: serves the file that `recurrent fit` has written.
Forecaster forecaster = args.FirstOrDefault(arg => arg.EndsWith(".json", StringComparison.Ordinal)) is { } path
    ? Forecaster.Load(path)
    : Fitted();
await ServiceApp.Build(args, forecaster).RunAsync();

static Forecaster Fitted()
{
    var method = new ExponentialSmoothing();
    method.Fit(TimeSeries.FromCsv(Path.Combine(AppContext.BaseDirectory, "data", "air_passengers.csv")));
    return method;
}
