using System.Runtime.CompilerServices;
using Recurrent.Forecasting;
using Recurrent.Serialization;

namespace Recurrent.Examples.Service;

/// <summary>
/// The service: <c>GET /forecast</c> asks, <c>POST /values</c> tells what came, <c>PUT /model</c> puts another model in place,
/// and <c>GET /stream</c> follows the forecasts as they change.
/// </summary>
internal static class ServiceApp
{
    private const int MostSteps = 1000;

    internal static WebApplication Build(string[] args, Forecaster forecaster)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton(new LiveForecaster(forecaster));
        WebApplication app = builder.Build();
        app.MapGet("/forecast", (LiveForecaster live, int horizon = 12) => IsHorizon(horizon)
            ? Try(() => ForecastAnswer.Of(live.Current, horizon)) : Refused(Wrong(horizon)));
        app.MapGet("/stream", (LiveForecaster live, CancellationToken gone, int horizon = 12) => IsHorizon(horizon)
            ? Results.ServerSentEvents(Follow(live, horizon, gone), "forecast") : Refused(Wrong(horizon)));
        app.MapPost("/values", (LiveForecaster live, double[] values) => Try(() => new { live.Add(values).Version }));
        app.MapPut("/model", async (LiveForecaster live, HttpRequest request) =>
        {
            using var file = new MemoryStream();
            await request.Body.CopyToAsync(file, request.HttpContext.RequestAborted);
            file.Position = 0;
            return Try(() => new { live.Replace(Forecaster.Load(file)).Version });
        });
        return app;
    }

    private static async IAsyncEnumerable<ForecastAnswer> Follow(
        LiveForecaster live, int horizon, [EnumeratorCancellation] CancellationToken gone)
    {
        await foreach (LiveModel model in live.Follow(gone))
        {
            yield return ForecastAnswer.Of(model, horizon);
        }
    }

    private static IResult Try<T>(Func<T> answer)
    {
        try
        {
            return Results.Ok(answer());
        }
        catch (Exception wrong) when (wrong is ModelFormatException or ArgumentException or InvalidOperationException)
        {
            // The name of a parameter is nothing that a client of the service has seen.
            return Refused(wrong is ArgumentException { ParamName: { } parameter }
                ? wrong.Message.Replace($" (Parameter '{parameter}')", string.Empty, StringComparison.Ordinal) : wrong.Message);
        }
    }

    private static IResult Refused(string message) => Results.BadRequest(new { Error = message });

    private static bool IsHorizon(int horizon) => horizon is >= 1 and <= MostSteps;

    private static string Wrong(int horizon) => $"The horizon lies from 1 to {MostSteps}, and is {horizon}.";
}

/// <summary>A forecast as the service says it.</summary>
internal sealed record ForecastAnswer(
    long Version, string Method, string Series, DateTime[]? Dates, double[] Point, double[] Low80, double[] High80)
{
    internal static ForecastAnswer Of(LiveModel model, int horizon)
    {
        Forecast forecast = model.Forecaster.Predict(horizon);
        (double[] low, double[] high) = forecast.Interval(0.8);
        return new(model.Version, forecast.Method, forecast.Series, forecast.Dates?.ToArray(), forecast.Point.ToArray(), low,
            high);
    }
}
