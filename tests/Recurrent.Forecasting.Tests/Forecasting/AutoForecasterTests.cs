using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

/// <summary>The default: what it chooses, and that nothing people bring makes it fall over.</summary>
[TestFixture]
public sealed class AutoForecasterTests
{
    [Test]
    public void It_follows_trend_and_season_and_its_intervals_hold()
    {
        int inside = 0;
        const int series = 12;
        for (int i = 0; i < series; i++)
        {
            TimeSeries whole = Monthly(96, i);
            var auto = new AutoForecaster(networks: false);
            auto.Fit(whole.Slice(0, 84));
            Forecast forecast = auto.Predict(12);
            double mase = ForecastMetrics.Mase(whole.Values[84..], forecast.Point, whole.Values[..84], 12);
            Assert.That(mase, Is.LessThan(1.2), $"series {i}: {forecast.Notes[^1]}");
            (double[] low, double[] high) = forecast.Interval(0.8);
            inside += (int)Math.Round(12 * ForecastMetrics.Coverage(whole.Values[84..], low, high));
            Assert.That(auto.Candidates[0].Score, Is.EqualTo(auto.Candidates.Min(candidate => candidate.Score)));
            Assert.That(auto.Candidates.Sum(candidate => candidate.Weight), Is.EqualTo(1).Within(1e-9));
        }

        Assert.That(inside / (12.0 * series), Is.InRange(0.65, 0.92));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(7)]
    [TestCase(13)]
    [TestCase(25)]
    public void Series_of_any_length_are_forecast(int count)
    {
        var auto = new AutoForecaster();
        auto.Fit(Monthly(count, 1));
        Forecast forecast = auto.Predict(24);
        Assert.That(forecast.Quantile(0.975).Concat(forecast.Quantile(0.025)), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Flat_and_purely_periodic_series_are_forecast_as_they_are()
    {
        var auto = new AutoForecaster(season: 12);
        auto.Fit(new TimeSeries("flat", [.. Enumerable.Repeat(5.0, 60)]));
        Assert.That(auto.Predict(3).Point.ToArray(), Is.EqualTo(new[] { 5.0, 5, 5 }).Within(1e-9));
        double[] wave = [.. Enumerable.Range(0, 96).Select(t => 10 + (t % 12))];
        auto.Fit(new TimeSeries("wave", wave));
        Assert.That(auto.Predict(12).Point.ToArray(), Is.EqualTo(wave[..12]).Within(1e-3));
        auto.Fit(new TimeSeries("zero", new double[50]));
        Assert.That(auto.Predict(2).Point.ToArray(), Is.EqualTo(new[] { 0.0, 0 }).Within(1e-9));
        auto.Fit(new TimeSeries("huge", [.. wave.Select(y => y * 1e200)]));
        Assert.That(auto.Predict(2).Point[0], Is.EqualTo(10e200).Within(1e199));
    }

    [Test]
    public void A_year_of_days_is_a_season_that_nobody_has_to_name()
    {
        var random = new SeededRandom(5);
        double Year(int t) => 10 + (8 * Math.Sin(2 * Math.PI * t / 365.25));
        var series = new TimeSeries("days", [.. Enumerable.Range(0, 1200).Select(t => Year(t) + random.NextNormal())],
            new DateTime(2020, 1, 1), Frequency.Daily);
        var auto = new AutoForecaster(horizon: 90, networks: false);
        auto.Fit(series);
        double[] points = auto.Predict(90).Point.ToArray();
        Assert.That(points.Select((point, h) => Math.Abs(point - Year(1200 + h))).Average(), Is.LessThan(1),
            "a method that knows weeks alone ends 8 off");
    }

    [Test]
    public void A_cycle_as_long_as_the_horizon_is_followed()
    {
        // A cycle of about 40 steps that wanders, from an autoregression of order 2 near the unit circle.
        var random = new SeededRandom(9);
        var values = new double[900];
        for (int t = 2; t < values.Length; t++)
        {
            values[t] = (2 * 0.999 * Math.Cos(2 * Math.PI / 40) * values[t - 1]) - (0.998 * values[t - 2]) + random.NextNormal();
        }

        var auto = new AutoForecaster(season: 40, horizon: 40, networks: false);
        auto.Fit(new TimeSeries("cycle", values[..860]));
        double[] points = auto.Predict(40).Point.ToArray();
        double error = points.Select((point, h) => Math.Abs(point - values[860 + h])).Average();
        double naive = Enumerable.Range(0, 40).Average(h => Math.Abs(values[820 + h] - values[860 + h]));
        Assert.Multiple(() =>
        {
            Assert.That(auto.Candidates.Count(candidate => candidate.Name == "AR"), Is.EqualTo(2));
            Assert.That(error, Is.LessThan(naive));
        });
    }

    [Test]
    public void A_short_series_is_not_left_to_a_simple_method_that_was_lucky()
    {
        // Walks, on which some method is best by chance: in several cases a simple one, which has little weight all the same.
        string[] simple = ["Drift", "Seasonal naive", "AR"];
        int lucky = 0;
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new SeededRandom(SeededRandom.Key((ulong)seed, 5));
            double level = 40;
            double[] values = [.. Enumerable.Range(0, 16).Select(_ => level += 1 + random.NextNormal())];
            var auto = new AutoForecaster(season: 1, horizon: 4, networks: false);
            auto.Fit(new TimeSeries("walk", values));
            lucky += simple.Contains(auto.Candidates[0].Name) ? 1 : 0;
            Assert.That(auto.Candidates.Where(candidate => simple.Contains(candidate.Name)).Sum(candidate => candidate.Weight),
                Is.LessThan(0.4), $"walk {seed}: {auto.Predict(1).Notes[^1]}");
        }

        Assert.That(lucky, Is.GreaterThanOrEqualTo(5));
    }

    [Test]
    public void A_long_series_says_by_itself_what_suits_it()
    {
        // Cycles of irregular length, which no other candidate knows; before anything is seen, they are hardly believed in.
        var random = new SeededRandom(4);
        var values = new double[700];
        for (int t = 2; t < values.Length; t++)
        {
            values[t] = (2 * 0.99 * Math.Cos(2 * Math.PI / 11) * values[t - 1]) - (0.98 * values[t - 2]) + random.NextNormal();
        }

        var auto = new AutoForecaster(season: 1, horizon: 10, networks: false);
        auto.Fit(new TimeSeries("cycles", values));
        double learnt = auto.Candidates.Where(candidate => candidate.Name is "AR" or "ARIMA")
            .Sum(candidate => candidate.Weight);
        Assert.That(learnt, Is.GreaterThan(0.9), auto.Predict(1).Notes[^1]);
    }

    [Test]
    public void A_panel_says_by_itself_what_suits_it()
    {
        // Cycles of irregular length, which exponential smoothing knows nothing of.
        SeriesPanel cycles = new([.. Enumerable.Range(0, 22).Select(i =>
        {
            var random = new SeededRandom(SeededRandom.Key((ulong)i, 8));
            var values = new double[90];
            for (int t = 2; t < values.Length; t++)
            {
                values[t] = (2 * 0.98 * Math.Cos(2 * Math.PI / 9) * values[t - 1]) - (0.96 * values[t - 2]) + random.NextNormal();
            }

            return new TimeSeries($"cycle{i}", values);
        })]);
        var auto = new AutoForecaster(season: 1, horizon: 6, networks: false);
        auto.Fit(cycles);
        Assert.That(auto.Candidates.Single(candidate => candidate.Name == "ARIMA").Weight, Is.GreaterThan(0.9),
            auto.PredictPanel(1)[0].Notes[^1]);
        auto = new AutoForecaster(season: 12, horizon: 12, networks: false);
        auto.Fit(new SeriesPanel([.. Enumerable.Range(0, 22).Select(i => Monthly(60, i).Rename($"s{i}"))]));
        Assert.That(auto.Candidates.Single(candidate => candidate.Name == "Seasonal naive").Weight, Is.Zero,
            auto.PredictPanel(1)[0].Notes[^1]);
    }

    [Test]
    public void What_was_chosen_holds_the_candidates_with_a_weight_and_can_be_asked_itself()
    {
        var auto = new AutoForecaster(networks: false);
        Assert.That(() => auto.Chosen, Throws.InvalidOperationException);
        auto.Fit(Monthly(72, 3));
        var chosen = (Ensemble)auto.Chosen;
        using var stream = new MemoryStream();
        auto.Save(stream);
        stream.Position = 0;
        var loaded = (AutoForecaster)Forecaster.Load(stream);
        Assert.Multiple(() =>
        {
            // Beside them stand naive methods without a weight, for series that no other can be fitted to.
            Assert.That(auto.Candidates.Where(candidate => candidate.Weight > 0).Select(candidate => candidate.Name),
                Is.Not.Empty.And.SubsetOf(chosen.Members.Select(member => member.Name)));

            // Calibration widens intervals; the median is that of what was chosen.
            Assert.That(auto.Predict(12).Point.ToArray(), Is.EqualTo(chosen.Predict(12).Point.ToArray()));
            Assert.That(loaded.Chosen.Predict(12).Point.ToArray(), Is.EqualTo(chosen.Predict(12).Point.ToArray()));
        });
    }

    [Test]
    public void Bad_series_are_named()
    {
        var auto = new AutoForecaster();
        Assert.That(() => auto.Fit(new TimeSeries("none", [.. Enumerable.Repeat(double.NaN, 40)])),
            Throws.ArgumentException.With.Message.Contains("'none'").And.Message.Contains("missing"));
        SeriesPanel panel = new([Monthly(60, 1).Rename("good"),
            Monthly(60, 2).Rename("bad").With("y", [.. Enumerable.Repeat(double.NaN, 60)])]);
        Assert.That(() => auto.Fit(panel), Throws.ArgumentException.With.Message.Contains("'bad'"));
        auto.Fit(panel, run: new() { OnBadSeries = BadSeries.LeaveOut });
        Assert.That(auto.PredictPanel(2).Single().Series, Is.EqualTo("good"));
        Assert.That(() => new AutoForecaster(seconds: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_same_bits_on_any_number_of_threads_and_from_a_file()
    {
        SeriesPanel panel = new([.. Enumerable.Range(0, 3).Select(i => Monthly(60 + i, i).Rename($"s{i}"))]);
        var one = new AutoForecaster(networks: false);
        one.Fit(panel, run: new() { Threads = 1 });
        var many = new AutoForecaster(networks: false);
        many.Fit(panel, run: new() { Threads = 7 });
        double[][] quantiles = [.. one.PredictPanel(9).Select(forecast => forecast.Quantile(0.9))];
        Assert.That(many.PredictPanel(9).Select(forecast => forecast.Quantile(0.9)), Is.EqualTo(quantiles));
        using var stream = new MemoryStream();
        one.Save(stream);
        stream.Position = 0;
        var loaded = (AutoForecaster)Forecaster.Load(stream);
        Assert.That(loaded.PredictPanel(9).Select(forecast => forecast.Quantile(0.9)), Is.EqualTo(quantiles));
        Assert.That(loaded.Candidates, Is.EqualTo(one.Candidates));
        SeriesPanel next = new([.. panel.Select((series, i) => Monthly(72, i).Slice(series.Count, 4).Rename(series.Name))]);
        loaded.Update(next);
        one.Update(next);
        Assert.That(loaded.PredictPanel(3).Select(forecast => forecast.Quantile(0.9)),
            Is.EqualTo(one.PredictPanel(3).Select(forecast => forecast.Quantile(0.9))));
    }

    private static TimeSeries Monthly(int count, int seed)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, 21));
        double level = 100;
        var values = new double[count];
        for (int t = 0; t < count; t++)
        {
            level += 0.5 + random.NextNormal();
            values[t] = level + (20 * Math.Sin(t * Math.PI / 6)) + (2 * random.NextNormal());
        }

        return TimeSeries.Create("series", ["y"], [values],
            [.. Enumerable.Range(0, count).Select(t => new DateTime(2010, 1, 1).AddMonths(t))]);
    }
}
