using System.Text;
using System.Text.Json.Nodes;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

/// <summary>Whether the intervals of the default hold on series that come alone: few values, few outcomes to learn from, counts,
/// and demand that is mostly 0.</summary>
[TestFixture]
public sealed class SingleSeriesIntervalTests
{
    [Test]
    public void Intervals_of_short_series_hold_what_they_say()
    {
        const int series = 80;
        const int horizon = 6;
        double inside80 = 0;
        double inside95 = 0;
        for (int i = 0; i < series; i++)
        {
            // A level that wanders, with noise, in calm and in restless times.
            double[] values = Wandering(30 + (i % 3 * 10) + horizon, i);
            var auto = new AutoForecaster(horizon: horizon, networks: false);
            auto.Fit(new TimeSeries("y", values[..^horizon]));
            Forecast forecast = auto.Predict(horizon);
            (double[] low80, double[] high80) = forecast.Interval(0.8);
            (double[] low95, double[] high95) = forecast.Interval(0.95);
            inside80 += ForecastMetrics.Coverage(values.AsSpan(^horizon..), low80, high80) / series;
            inside95 += ForecastMetrics.Coverage(values.AsSpan(^horizon..), low95, high95) / series;
        }

        Assert.Multiple(() =>
        {
            Assert.That(inside80, Is.InRange(0.75, 0.9));
            Assert.That(inside95, Is.InRange(0.9, 0.99));
        });
    }

    [Test]
    public void A_quiet_end_does_not_make_a_restless_series_certain()
    {
        var random = new SeededRandom(3);
        double[] values = [.. Enumerable.Range(0, 60).Select(t => 10 + ((t < 36 ? 3 : 0.05) * random.NextNormal()))];
        var auto = new AutoForecaster(networks: false);
        auto.Fit(new TimeSeries("y", values));
        (double[] low, double[] high) = auto.Predict(6).Interval(0.95);
        Assert.That(high[5] - low[5], Is.GreaterThan(0.5), "four quiet horizons are no reason to expect nothing but quiet");
    }

    [Test]
    public void Demand_that_is_mostly_zero_is_forecast_by_its_rate()
    {
        for (int seed = 0; seed < 4; seed++)
        {
            var random = new SeededRandom(SeededRandom.Key((ulong)seed, 8));
            double[] sales = [.. Enumerable.Range(0, 96)
                .Select(_ => random.NextDouble() < 0.25 ? 1 + Math.Floor(4 * random.NextDouble()) : 0)];
            var auto = new AutoForecaster(season: 12, networks: false);
            auto.Fit(new TimeSeries("sales", sales));
            Forecast forecast = auto.Predict(12);
            double rate = sales[^36..].Average();
            Assert.Multiple(() =>
            {
                Assert.That(forecast.Point.ToArray().Average(), Is.EqualTo(rate).Within(0.6 * rate), "the point");
                Assert.That(forecast.Quantile(0.005), Is.All.GreaterThanOrEqualTo(0));
                Assert.That(forecast.Quantile(0.975).Average(), Is.InRange(2, 8));
                Assert.That(auto.Candidates.Where(candidate => candidate.Weight > 0).Select(candidate => candidate.Name),
                    Has.Some.EqualTo("SBA").Or.Some.EqualTo("TSB").Or.Some.EqualTo("Mean"));
            });
        }
    }

    [Test]
    public void What_never_was_negative_is_not_forecast_so_until_it_is()
    {
        var random = new SeededRandom(6);
        double[] counts = [.. Enumerable.Range(0, 60).Select(t => Math.Floor(((60 - t) / 2.0) + (3 * random.NextDouble())))];
        double[] signed = [.. counts.Select((value, t) => value - (t == 59 ? 4 : 0))];
        var auto = new AutoForecaster(networks: false);
        auto.Fit(new TimeSeries("y", counts));
        Assert.That(auto.Predict(6).Quantile(0.005).Concat(auto.Predict(6).Point.ToArray()), Is.All.GreaterThanOrEqualTo(0));
        Assert.That(auto.Sample(6, 50).Of().SelectMany(path => path), Is.All.GreaterThanOrEqualTo(0));

        using var stream = new MemoryStream();
        auto.Save(stream);
        stream.Position = 0;
        Forecaster loaded = Forecaster.Load(stream);
        Assert.That(loaded.Predict(6).Quantile(0.01), Is.EqualTo(auto.Predict(6).Quantile(0.01)));
        loaded.Update(new TimeSeries("y", [-1.0]));
        Assert.That(loaded.Predict(6).Quantile(0.01), Has.Some.LessThan(0), "a value below 0 has come");

        auto.Fit(new TimeSeries("y", signed));
        Assert.That(auto.Predict(6).Quantile(0.01), Has.Some.LessThan(0));
    }

    [Test]
    public void Files_from_before_few_values_counted_are_read()
    {
        var auto = new AutoForecaster(networks: false);
        auto.Fit(new TimeSeries("y", Wandering(60, 2)));
        using var stream = new MemoryStream();
        auto.Save(stream);
        JsonNode file = JsonNode.Parse(stream.ToArray())!;
        Assert.That(Remove(file, "samples") + Remove(file, "narrower") + Remove(file, "bounded"), Is.EqualTo(3),
            "what such a file has not");

        using var older = new MemoryStream(Encoding.UTF8.GetBytes(file.ToJsonString()));
        Forecast forecast = Forecaster.Load(older).Predict(4);
        Assert.That(forecast.Point.ToArray(), Is.EqualTo(auto.Predict(4).Point.ToArray()));
        Assert.That(forecast.Quantile(0.975)[3], Is.GreaterThan(forecast.Point[3]));
    }

    [Test]
    public void Without_a_season_the_last_value_is_tried_once()
    {
        var auto = new AutoForecaster(networks: false);
        auto.Fit(new TimeSeries("y", Wandering(60, 1)));
        Assert.That(auto.Candidates.Select(candidate => candidate.Name), Has.None.EqualTo("Naive"),
            "it is the seasonal naive method of season 1, and would weigh twice");
    }

    [Test]
    public void A_single_outlier_does_not_make_intervals_endless()
    {
        var random = new SeededRandom(2);
        double[] values = [.. Enumerable.Range(0, 84).Select(t => 50 + (10 * Math.Sin(t * Math.PI / 6)) + random.NextNormal())];
        values[70] = 5000;
        var auto = new AutoForecaster(season: 12, networks: false);
        auto.Fit(new TimeSeries("y", values));
        (double[] low, double[] high) = auto.Predict(6).Interval(0.95);
        Assert.That(high[5] - low[5], Is.LessThan(10_000), "twice what the outlier is off");
    }

    private static int Remove(JsonNode? node, string key) => node switch
    {
        JsonObject record => (record.Remove(key) ? 1 : 0) + record.Sum(pair => Remove(pair.Value, key)),
        JsonArray list => list.Sum(item => Remove(item, key)),
        _ => 0,
    };

    private static double[] Wandering(int count, int seed)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, 77));
        var values = new double[count];
        double level = 100;
        double unrest = 1;
        for (int t = 0; t < count; t++)
        {
            unrest = Math.Exp((0.9 * Math.Log(unrest)) + (0.15 * random.NextNormal()));
            level += 0.3 + (unrest * random.NextNormal());
            values[t] = level + (unrest * random.NextNormal());
        }

        return values;
    }
}
