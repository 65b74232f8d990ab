using System.Data.Common;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Models;
using Recurrent.Parquet;

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

    public static (double[] Ahead, NDArray Next) Prepare(Sequential network, TimeSeries training)
    {
        var preparation = new PreparationPipeline(
            new OutlierClipping(), new LogScaling(), new SeasonalDifference(12), new StandardScaling());
        TimeSeries prepared = preparation.FitTransform(training);
        double[] ahead = preparation.Inverse(new double[12]);                   // the 12 steps behind the training part
        var prepareAndForecast = new Prepared(new Theta(), new LogScaling());   // any forecaster after it, in one file

        var options = new WindowOptions(Lookback: 24, Horizon: 12) { MissingInputs = MissingInputs.Flag, Flat = true };
        (Windows fit, Windows check) = Windows.Create(prepared, options).HoldOut(steps: 12);
        network.Fit(fit.X, fit.Y!, sampleWeight: fit.Weights, validationData: (check.X, check.Y!));
        NDArray next12 = network.Predict(Windows.Last(prepared, options).X);

        prepareAndForecast.Fit(training);
        Assert.That(prepareAndForecast.Predict(12).Point.ToArray(), Is.EqualTo(ahead).Within(40).Percent);
        return (ahead, next12);
    }

    public static SeriesPanel Series(IReadOnlyList<DateTime> dates)
    {
        var weather = TimeSeries.Create("Seattle", ["rain", "wind"], [[0.0, 10.9, double.NaN], [4.7, 4.5, 2.3]], dates);
        ReadOnlySpan<double> wind = weather.Variable("wind");      // Values is the first variable
        bool[] there = weather.Observed("rain");                   // the mask of what is there
        SeriesPanel each = weather.Split();                        // a series for each variable

        Assert.That(there.Count(known => known), Is.EqualTo(wind.Length - 1));
        return each;
    }

    public static async Task<TimeSeries[]> Sources(
        DbCommand command, SeriesPanel panel, MathNet.Numerics.LinearAlgebra.Vector<double> mathNetVector)
    {
        using DbDataReader rows = command.ExecuteReader();                    // any database
        TimeSeries load = TimeSeries.FromReader(rows, new() { Columns = ["load"] });

        TimeSeries prices = await ParquetSeries.ReadAsync("prices.parquet");  // the package Recurrent.Parquet, managed code
        await ParquetSeries.WriteAsync("panel.parquet", panel);

        var vector = TimeSeries.FromVector("x", mathNetVector);               // FromMatrix, FromArray; ToVector, ToMatrix, …
        return [load, prices, vector];
    }

    public static (TimeSeries Days, TimeSeries Grid) Lower(TimeSeries hours, TimeSeries irregular)
    {
        TimeSeries days = hours.Resample(Frequency.Daily, Aggregation.Sum);            // whole periods; partial: true keeps all
        TimeSeries grid = irregular.ToGrid(Frequency.Hourly, GridMethod.Linear, longest: TimeSpan.FromHours(6));
        return (days, grid);
    }

    public static SeriesPanel Files()
    {
        TimeSeries passengers = TimeSeries.FromCsv("AirPassengers.csv");      // the dates, and the first column of numbers
        var readings = new CsvOptions { Columns = ["load", "temp"], DayFirst = true, Gaps = DateGaps.Missing };
        TimeSeries load = TimeSeries.FromCsv("load.csv", readings);
        SeriesPanel stocks = SeriesPanel.FromCsv("stocks.csv");               // symbol,date,price: a series for each symbol
        return passengers.Count + load.Count > 0 ? stocks : null!;
    }

    public static void Rows(Sequential network, DbCommand command)
    {
        RowSource rows = RowSource.FromCsv("measured.csv");                   // of any length
        RowBatches batches = rows.Batches(["load", "temp"], ["next"], batchSize: 256, shuffleWindow: 20_000, seed: 1);
        network.Fit(batches, epochs: 5, validationBatches: RowSource.FromCsv("held-out.csv").Batches(["load", "temp"], ["next"]));

        RowSource table = RowSource.FromDatabase(() => command.ExecuteReader());          // any database; run anew for each pass
        RowBatches windows = ParquetRows.Open("measured.parquet").Batches(["load"], ["load"], timesteps: 24, ahead: 1);
        network.Fit(BatchSource.From(Generate()).Select(Augment, degree: 4), epochs: 10, stepsPerEpoch: 100);

        Assert.That(table.Columns, Is.Not.Empty);
        Assert.That(windows.BatchSize, Is.EqualTo(32));
    }

    private static IEnumerable<Batch> Generate()
    {
        while (true)
        {
            yield return (new NDArray(8, 2), new NDArray(8, 1));
        }
    }

    private static Batch Augment(Batch batch) => batch;

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
