using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Registration;

namespace Recurrent.Tests.Forecasting;

/// <summary>The intervals of networks hold by themselves, where there are few windows too.</summary>
[TestFixture]
public sealed class NetworkIntervalTests
{
    private const int Horizon = 8;

    // An autoregression around a season and a trend: what comes is known no better than its innovations.
    private static double[] Values(int seed, int count)
    {
        var random = new Recurrent.Random.SeededRandom(Recurrent.Random.SeededRandom.Key(17, (ulong)seed));
        var values = new double[count];
        double state = 0;
        for (int t = 0; t < count; t++)
        {
            state = (0.5 * state) + random.NextNormal();
            values[t] = 100 + (0.1 * t) + (4 * Math.Sin(Math.PI * t / 2)) + (2 * state);
        }

        return values;
    }

    [TestCase("mlp", 0.85, Category = "Slow")]
    [TestCase("nlinear", 0.8)]
    public void Hold_on_short_series(string method, double least)
    {
        const int series = 10;
        double held = 0;
        for (int seed = 0; seed < series; seed++)
        {
            double[] values = Values(seed, 96);
            Forecaster network = Fitted(method, values[..^Horizon]);
            (double[] low, double[] high) = network.Predict(Horizon).Interval(0.95);
            held += values[^Horizon..].Where((value, i) => value >= low[i] && value <= high[i]).Count();
        }

        Assert.That(held / (series * Horizon), Is.GreaterThanOrEqualTo(least));
    }

    [TestCase(8, 1, TestName = "Are_the_networks_own_where_hundreds_of_windows_have_no_step_in_common")]
    [TestCase(60, 2, TestName = "Are_measured_where_few_of_thousands_of_windows_have_no_step_in_common")]
    public void Are_measured_by_independent_windows(int horizon, int trainings)
    {
        // 2500 steps hold 2500 / 8 = 312 windows side by side, or 2500 / 60 = 41.
        var network = new ResidualMlp(12, horizon, season: 4, training: new() { Epochs = 1, Members = 1 });
        network.Fit(new TimeSeries("x", Values(1, 2500)));
        Assert.That(network.Trainings, Has.Count.EqualTo(trainings));
    }

    [Test]
    public void Are_not_stretched_far_beyond_what_was_seen_where_a_series_comes_near_zero()
    {
        var random = new Recurrent.Random.SeededRandom(5);
        double[] values = [.. Enumerable.Range(0, 96).Select(t => t >= 70 && t % 3 == 0 ? 1e-6 : 20 + random.NextNormal())];
        (double[] low, double[] high) = Fitted("mlp", values).Predict(Horizon).Interval(0.95);
        double[] own = Fitted("mlp", values, ("validation_share", 0.0)).Predict(Horizon).Interval(0.95).High;
        Assert.Multiple(() =>
        {
            Assert.That(low, Has.All.GreaterThanOrEqualTo(0));
            for (int step = 0; step < Horizon; step++)
            {
                double most = Math.Max(own[step], 4 * values.Max());
                Assert.That(high[step], Is.LessThanOrEqualTo(most).Within(1e-6).Percent, $"step {step}");
            }
        });
    }

    [Test]
    public void Points_are_those_of_the_network_that_is_trained_on_everything()
    {
        double[] values = Values(1, 80);
        Forecast measured = Fitted("mlp", values).Predict(Horizon);
        Forecast own = Fitted("mlp", values, ("validation_share", 0.0)).Predict(Horizon);
        Assert.Multiple(() =>
        {
            Assert.That(measured.Point.ToArray(), Is.EqualTo(own.Point.ToArray()));
            Assert.That(measured.Interval(0.95).High[0] - measured.Interval(0.95).Low[0],
                Is.GreaterThan(own.Interval(0.95).High[0] - own.Interval(0.95).Low[0]));
        });
    }

    [Test]
    public void A_file_keeps_them_and_one_that_is_wrong_is_refused()
    {
        Forecaster network = Fitted("nlinear", Values(2, 80));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid()}.json");
        try
        {
            network.Save(path);
            string saved = File.ReadAllText(path);
            Forecast again = Forecaster.Load(path).Predict(Horizon);
            Assert.That(again.Interval(0.8), Is.EqualTo(network.Predict(Horizon).Interval(0.8)));

            File.WriteAllText(path, saved.Replace("\"freedom\"", "\"freedom_\"", StringComparison.Ordinal));
            Assert.That(() => Forecaster.Load(path), Throws.TypeOf<Serialization.ModelFormatException>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Forecaster Fitted(string method, double[] values, params (string Key, object Value)[] training)
    {
        var own = new Config();
        foreach ((string key, object value) in training)
        {
            own.Add(key, value);
        }

        Forecaster network = Forecasters.Registry.Create(new ComponentConfig(
            method, new Config { { "horizon", Horizon }, { "training", own } }));
        network.Fit(new TimeSeries("x", values, new DateTime(2000, 1, 1), Frequency.Quarterly));
        return network;
    }
}
