using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Models;

namespace Recurrent.Tests.Docs;

/// <summary>The code of docs/data.md.</summary>
internal static class DataExample
{
    public static double Forecast(Sequential model, string path)
    {
        TimeSeries series = TimeSeries.FromCsv(path, column: "passengers", dateColumn: "date");
        (TimeSeries training, TimeSeries heldOut) = series.HoldOut(24);

        var scaler = new StandardScaler(training.Values);                     // fitted on the training part alone
        (NDArray x, NDArray y) = SlidingWindows.Create(scaler.Transform(training.Values), lookback: 24, horizon: 24);
        model.Fit(x, y, epochs: 50);

        NDArray last = SlidingWindows.Last(scaler.Transform(training.Values), lookback: 24);
        double[] forecast = scaler.Inverse(model.Predict(last)[0].ToDoubles1D());
        TimeSeries next = training.Continue("LSTM", forecast);                // with the dates that follow
        double mase = ForecastMetrics.Mase(heldOut.Values, forecast, training.Values, season: 12);

        Assert.That(next.Dates, Is.EqualTo(heldOut.Dates));
        return mase;
    }

    public static NDArray Arrays(NDArray x)
    {
        NDArray first = x[0];                  // a sample, without the axis of samples
        NDArray newest = x[^10..];             // a run of samples
        float[,] table = first.ToArray2D();    // ToDoubles2D() for doubles; ToScalar() for a single value
        NDArray all = NDArray.Concatenate([x, newest]);
        NDArray batch = NDArray.Stack(first, first);

        Assert.That(table.GetLength(0), Is.EqualTo(batch.Shape[1]));
        return all;
    }
}
