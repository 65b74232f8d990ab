using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>What networks over panels have beyond others: logarithms, short series, seasons that keep their place.</summary>
public sealed class PanelNetworkTests
{
    private static readonly NetworkTraining Short = new() { Epochs = 12, LearningRate = 0.01, Members = 1 };

    [Test]
    public void Positive_series_are_forecast_as_logarithms_others_as_they_are()
    {
        SeriesScale powers = SeriesScale.Of([1, 10, 100, double.NaN], log: true);
        Assert.That(powers.IsLog, Is.True);
        Assert.That(powers.Mean, Is.EqualTo(Math.Log(10)).Within(1e-12));
        Assert.That(powers.Deviation, Is.EqualTo(Math.Sqrt(2.0 / 3) * Math.Log(10)).Within(1e-12));
        Assert.That(SeriesScale.Of([0, 1, 2], log: true).IsLog, Is.False);
        Assert.That(SeriesScale.Of([1, 2, 3]).IsLog, Is.False);
        SeriesScale scale = SeriesScale.Of([3, 5, 9], log: true);
        Assert.That(scale.Back(scale.Forward(7)), Is.EqualTo(7).Within(1e-5));

        // What comes later may be 0 or below: it is far down, and no infinity.
        Assert.That(float.IsFinite((float)scale.Forward(-1)), Is.True);
        Assert.That(double.IsFinite(scale.Back(1e9)), Is.True);
    }

    [TestCase(24, 48, 168)]
    [TestCase(48, 48, 336)]
    [TestCase(52, 13, 104)]
    [TestCase(1440, 60, 1440)]
    [TestCase(12, 18, 36)]
    [TestCase(7, 14, 28)]
    [TestCase(1, 6, 12)]
    public void Windows_hold_what_the_season_asks_for(int season, int horizon, int lookback) =>
        Assert.That(GlobalWindows.Lookback(season, horizon), Is.EqualTo(lookback));

    [Test]
    public void Forecasts_of_a_positive_series_are_positive()
    {
        var forecaster = new ResidualMlp(12, 6, units: 16, training: Short);
        forecaster.Fit(Seasonal("sales", 90, 12, t => Math.Exp(Math.Sin(t * 2 * Math.PI / 12) * 2)));
        Assert.That(forecaster.Predict(24).Quantile(0.005), Is.All.GreaterThan(0));
    }

    [Test]
    public void A_series_shorter_than_the_lookback_is_learnt_and_forecast_too()
    {
        var forecaster = new ResidualMlp(36, 6, units: 16, season: 12, training: Short);
        forecaster.Fit(new SeriesPanel([
            Seasonal("long", 90, 12, Wave), Seasonal("short", 22, 12, Wave), Seasonal("shortest", 20, 12, Wave)]));
        Assert.That(forecaster.PredictPanel(6).Select(forecast => forecast.Series),
            Is.EqualTo(new[] { "long", "short", "shortest" }));
        Assert.That(() => new ResidualMlp(36, 6, season: 12, training: Short).Fit(Seasonal("x", 19, 12, Wave)),
            Throws.ArgumentException.With.Message.Contains("19 steps").And.Message.Contains("20"));
    }

    [Test]
    public void Seasons_keep_their_place_over_updates_and_files([Values(1, 5, 12, 17)] int more)
    {
        TimeSeries whole = Seasonal("wave", 80, 12, Wave);
        var forecaster = new EsRnn(24, 6, units: 8, layers: 1, season: 12, training: Short);
        forecaster.Fit(whole.Slice(0, 60));
        double[] from = forecaster.PredictFrom(whole, [59 + more]).Single()[0];

        // The same place of the series, reached by an update of what was saved and read.
        using var stream = new MemoryStream();
        forecaster.Save(stream);
        stream.Position = 0;
        var again = Forecaster.Load(stream);
        again.Update(whole.Slice(60, more));
        Assert.That(again.Predict(6).Point.ToArray(), Is.EqualTo(from).Within(1e-9).Percent);
    }

    [TestCase(1461, 14, 365, 730, 2, TestName = "A_season_is_smoothed_where_a_series_holds_three_of_it")]
    [TestCase(1094, 14, 365, 28, 28, TestName = "A_season_that_is_not_smoothed_does_not_lengthen_windows")]
    [TestCase(120, 12, 12, 24, 2, TestName = "A_short_season_is_smoothed_over_two_of_it")]
    public void Windows_of_exponential_smoothing(int count, int horizon, int season, int lookback, int segments)
    {
        var forecaster = new EsRnn(horizon: horizon, units: 4, layers: 1, season: season, training: new() { Epochs = 1 });
        forecaster.Fit(new TimeSeries("x", [.. Enumerable.Range(0, count).Select(t => 10 + Math.Sin(2 * Math.PI * t / season))]));
        Assert.That(forecaster.Sizes!.Lookback, Is.EqualTo(lookback));

        // The network reads the window season by season, or step by step where none is smoothed.
        Assert.That(forecaster.Networks[0].GetLayer("segments").OutputShape![0], Is.EqualTo(segments));
    }

    [Test]
    public void Each_series_has_smoothing_parameters_of_its_own()
    {
        // One wanders, so that its last value is all there is to know; the other is noise around a level.
        double level = 100;
        var random = new Recurrent.Random.SeededRandom(4);
        double[] wanders = [.. Enumerable.Range(0, 200).Select(_ => level *= Math.Exp(0.05 * random.NextNormal()))];
        double[] stays = [.. Enumerable.Range(0, 200).Select(_ => 100 * Math.Exp(0.05 * random.NextNormal()))];
        var forecaster = new EsRnn(20, 4, units: 4, layers: 1, season: 1,
            training: new() { Epochs = 40, LearningRate = 0.02, Members = 1 });
        forecaster.Fit(new SeriesPanel([new TimeSeries("wanders", wanders), new TimeSeries("stays", stays)]));
        float[] smoothing = forecaster.Networks[0].GetLayer("smoothing").GetWeights()[0].ToArray1D();
        Assert.That(smoothing[0], Is.GreaterThan(smoothing[1] + 0.1));
    }

    [Test]
    public void The_interpretable_variant_forecasts_in_its_basis()
    {
        var forecaster = new NBeats(24, 8, ["trend"], blocks: 1, layers: 1, units: 8, degree: 1, season: 1,
            training: Short with { Loss = "mae" });
        forecaster.Fit(new TimeSeries("line", [.. Enumerable.Range(0, 80).Select(t => -40.0 + t + Math.Sin(t))]));
        double[] point = forecaster.Predict(8).Point.ToArray();
        double step = point[1] - point[0];
        Assert.That(point.Zip(point.Skip(1), (a, b) => b - a), Is.All.EqualTo(step).Within(1e-4));
    }

    [TestCase("mlp")]
    [TestCase("gru")]
    [TestCase("NLinear")]
    public void Seed_and_budget_of_a_choice_reach_the_networks(string name)
    {
        var network = (NetworkForecaster)Candidates.Make(name, ("seed", 3), ("seconds", 5.5), ("horizon", 4), ("nothing", 1))!;
        Assert.That(network.Training.Seed, Is.EqualTo(3));
        Assert.That(network.Training.Seconds, Is.EqualTo(5.5));
        Assert.That(network.Horizon, Is.EqualTo(4));
    }

    [Test]
    public void A_budget_ends_training()
    {
        var forecaster = new ResidualMlp(12, 6, units: 64, training: new() { Epochs = 1_000_000, Seconds = 0.5 });
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        forecaster.Fit(Seasonal("wave", 200, 12, Wave));
        Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds, Is.LessThan(20));
        Assert.That(forecaster.IsFitted, Is.True);
    }

    private static double Wave(int t) => 10 + (3 * Math.Sin(2 * Math.PI * t / 12)) + (0.2 * Math.Cos(t * 12.9898 * t));

    private static TimeSeries Seasonal(string name, int count, int season, Func<int, double> value) =>
        new(name, [.. Enumerable.Range(0, count).Select(t => value(t % (1000 * season)))]);
}
