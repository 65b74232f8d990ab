using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>What holds for every network that forecasts, each trained for a moment.</summary>
[TestFixtureSource(nameof(Makers))]
public sealed class NetworkForecasterTests(string name)
{
    private static readonly Dictionary<string, Func<NetworkTraining, NetworkForecaster>> Forecasters = new()
    {
        ["NLinear"] = training => new NLinear(12, 6, training: training),
        ["DLinear"] = training => new DLinear(12, 6, 5, training: training),
        ["LSTM"] = training => new RecurrentForecaster("LSTM", lookback: 12, horizon: 6, units: 8, training: training),
        ["GRU, recursive"] = training => new RecurrentForecaster(
            "gru", ForecastStrategy.Recursive, 12, units: 8, scaling: WindowScaling.None, training: training),
        ["GRU, sequence to sequence"] = training => new RecurrentForecaster(
            "GRU", ForecastStrategy.SequenceToSequence, 12, 6, 8, layers: 2, training: training),
        ["LSTM, two layers, scaled by the last value"] = training => new RecurrentForecaster(
            lookback: 12, horizon: 6, units: 8, layers: 2, scaling: WindowScaling.Last, training: training),
        ["TCN"] = training => new TcnForecaster(12, 6, 8, training: training),
        ["PatchTransformer"] = training => new PatchTransformer(12, 6, 4, 2, 8, 2, 1, training: training),
        ["DeepAR"] = training => new DeepAR(lookback: 24, horizon: 6, units: 16, layers: 1, paths: 60, training: training),
        ["DeepAR, quantiles"] = training => new DeepAR("quantile", 24, 6, "GRU", 16, 2, 0, 60, training: training),
        ["DeepAR, gaussian"] = training => new DeepAR("gaussian", 24, 6, units: 16, layers: 1, paths: 60, training: training),
        ["ES-RNN"] = training => new EsRnn(24, 6, units: 8, training: training),
        ["ES-RNN of short windows"] = training => new EsRnn(22, 6, "GRU", 16, 1, training: training),
        ["N-BEATS"] = training => new NBeats(12, 6, units: 16, layers: 2, training: training),
        ["N-BEATS, interpretable"] = training => new NBeats(
            12, 6, ["trend", "seasonality"], layers: 2, units: 16, training: training with { Members = 2 }),
        ["ResidualMlp"] = training => new ResidualMlp(12, 6, units: 16, training: training),
        ["SegRNN"] = training => new SegRNN(12, 6, units: 16, training: training),
    };

    internal static IEnumerable<string> Makers => Forecasters.Keys;

    [Test]
    public void Beats_the_last_value_where_there_is_a_season()
    {
        TimeSeries series = Wave(200);
        (TimeSeries known, TimeSeries next) = series.HoldOut(6);
        NetworkForecaster forecaster = Fitted(known);
        Forecast forecast = forecaster.Predict(6);
        double error = ForecastMetrics.Mae(next.Values, forecast.Point);
        double naive = ForecastMetrics.Mae(next.Values, Enumerable.Repeat(known[^1], 6).ToArray());
        Assert.That(error, Is.LessThan(naive / 2));
        (double[] low, double[] high) = forecast.Interval(0.8);
        Assert.That(low.Zip(high).All(pair => pair.First < pair.Second), Is.True);
    }

    [Test]
    public void Forecasts_that_feed_themselves_stay_where_the_series_is()
    {
        TimeSeries series = Wave(120);
        double low = series.Values.ToArray().Min();
        double high = series.Values.ToArray().Max();
        Forecast forecast = Fitted(series).Predict(400);

        // A look-back of 12 steps or more may go on as it moved, 37 times its range in 400 steps, and some deviations further;
        // intervals are stretched after that by what they held on windows that were not trained on.
        double reach = 50 * (high - low);
        Assert.That(forecast.Point.ToArray(), Is.All.InRange(low - reach, high + reach), name);
        Assert.That(forecast.Quantile(0.005).Concat(forecast.Quantile(0.995)),
            Is.All.InRange(low - (3 * reach), high + (3 * reach)), name);
    }

    [Test]
    public void Saved_and_read_it_forecasts_the_same_bits()
    {
        NetworkForecaster forecaster = Fitted(Wave(120));
        using var stream = new MemoryStream();
        forecaster.Save(stream);
        stream.Position = 0;
        var again = Forecaster.Load(stream);
        Assert.That(again.Predict(15).Grids[0].Point.ToArray(), Is.EqualTo(forecaster.Predict(15).Grids[0].Point.ToArray()));
        Assert.That(((NetworkForecaster)again).Networks[0].ParameterCount, Is.EqualTo(forecaster.Networks[0].ParameterCount));
        Assert.That(again.Predict(15).Quantile(0.1), Is.EqualTo(forecaster.Predict(15).Quantile(0.1)));
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        double[] one = Fitted(Wave(120), new() { Threads = 1 }).Predict(6, run: new() { Threads = 1 }).Point.ToArray();
        double[] two = Fitted(Wave(120), new() { Threads = 2 }).Predict(6, run: new() { Threads = 2 }).Point.ToArray();
        Assert.That(two, Is.EqualTo(one));
    }

    private static TimeSeries Wave(int count) => new("wave", [.. Enumerable.Range(0, count).Select(
        t => 10 + (3 * Math.Sin(2 * Math.PI * t / 12)) + (0.3 * Math.Sin(t * 12.9898 * t)))],
        new DateTime(2000, 1, 1), Frequency.Monthly);

    private NetworkForecaster Fitted(TimeSeries series, ForecastRun? run = null)
    {
        NetworkForecaster forecaster = Forecasters[name](new() { Epochs = 15, LearningRate = 0.01 });
        forecaster.Fit(series, run: run);
        return forecaster;
    }
}
