using Microsoft.AspNetCore.Builder;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Tests;

/// <summary>The program of docs/forecasting-tools.md; <see cref="ServiceDocsTests"/> holds the two together.</summary>
internal static class ServiceExample
{
    internal static void Serve(string[] args, Action<WebApplication> starting)
    {
        WebApplication app = WebApplication.Create(args);
        Forecaster current = Forecaster.Load("model.json");              // as `recurrent fit` or Save has written it
        var turn = new Lock();

        app.MapGet("/forecast", (int horizon = 12) =>                    // any number of requests at once
        {
            Forecast forecast = current.Predict(horizon);
            (double[] low, double[] high) = forecast.Interval(0.8);
            return new { forecast.Dates, Point = forecast.Point.ToArray(), low, high };
        });

        app.MapPost("/values", (double[] values) =>
        {
            lock (turn)                                                  // one change at a time
            {
                Forecaster next = current.Copy();
                FittedSeries known = next.Series[0];
                DateTime start = known.Frequency!.After(known.End!.Value, 1)[0];
                next.Update(new TimeSeries(known.Name, values, start, known.Frequency));
                current = next;                                          // one write: the next request sees it
            }
        });

        starting(app);
        app.Run();
    }
}
