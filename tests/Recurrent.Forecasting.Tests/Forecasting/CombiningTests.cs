using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Tests.Forecasting;

/// <summary>Ensembles and calibrated intervals.</summary>
[TestFixture]
public sealed class CombiningTests
{
    [Test]
    public void The_median_and_the_mean_are_taken_level_by_level()
    {
        Forecaster[] members = [new Narrow(1, 0), new Narrow(2, 3), new Narrow(9, 30)];
        QuantileGrid Of(Combination combination, double[]? weights = null)
        {
            var ensemble = new Ensemble(members, combination, weights);
            ensemble.Fit(Noise("y", 40, 1, 1));
            return ensemble.Predict(2).GridOf();
        }

        Assert.That(Of(Combination.Median).Point.ToArray(), Is.EqualTo(new double[] { 3, 3 }));
        Assert.That(Of(Combination.Mean).Point.ToArray(), Is.EqualTo(new double[] { 11, 11 }).Within(1e-12));
        Assert.That(Of(Combination.Mean, [3, 1, 0]).Point.ToArray(), Is.EqualTo(new[] { 0.75, 0.75 }).Within(1e-12));
        Assert.That(Of(Combination.Mean, [1, 1, 0]).Quantile(0.975)[0], Is.EqualTo(1.5 + (1.5 * 1.959964)).Within(1e-5));
        Assert.That(() => new Ensemble(members, Combination.Median, [1, 2, 1]), Throws.ArgumentException);
        Assert.That(() => new Ensemble([]), Throws.ArgumentException);
    }

    [Test]
    public void A_member_that_cannot_be_fitted_is_left_out_and_said_so()
    {
        var ensemble = new Ensemble([new SeasonalNaive(30), new SeasonalNaive(1)]);
        var panel = new SeriesPanel([Noise("short", 20, 1, 1), Noise("long", 60, 1, 2)]);
        ensemble.Fit(panel);
        Assert.That(ensemble.Notes.Any(note => note.Contains("'short'", StringComparison.Ordinal)));
        Assert.That(ensemble.PredictPanel(2).Select(f => f.Series), Is.EqualTo(panel.Names));
        Assert.That(ensemble.PredictPanel(1)[0].Point[0], Is.EqualTo(panel[0].Values[^1]));
        var alone = new Ensemble([new SeasonalNaive(30)]);
        Assert.That(() => alone.Fit(panel), Throws.ArgumentException.With.Message.Contains("'short'"));
        Assert.That(() => alone.Fit(panel[0]), Throws.ArgumentException.With.Message.Contains("30"));
    }

    [TestCase(0.2)]
    [TestCase(5)]
    public void Intervals_that_are_wrong_by_any_factor_cover_what_they_say(double factor)
    {
        int[] inside = new int[2];
        const int count = 400;
        for (int i = 0; i < count; i++)
        {
            TimeSeries series = Noise("y", 121, 2, i);
            var method = new Conformal(new Narrow(2 * factor, 0), horizon: 1, origins: 60);
            method.Fit(series.Slice(0, 120));
            Forecast forecast = method.Predict(1);
            double came = series.Values[^1];
            foreach ((int place, double coverage) in ((int, double)[])[(0, 0.8), (1, 0.95)])
            {
                (double[] low, double[] high) = forecast.Interval(coverage);
                inside[place] += came >= low[0] && came <= high[0] ? 1 : 0;
            }
        }

        Assert.That(inside[0] / (double)count, Is.EqualTo(0.8).Within(0.05));
        Assert.That(inside[1] / (double)count, Is.EqualTo(0.95).Within(0.03));
    }

    [Test]
    public void A_panel_is_calibrated_by_all_its_series_together()
    {
        SeriesPanel panel = new([.. Enumerable.Range(0, 300).Select(i => Noise($"s{i}", 43, 1 + (i % 5), i))]);
        var method = new Conformal(new Narrow(0.3, 0, scaled: true), horizon: 3);
        method.Fit(panel.Map(series => series.Slice(0, 40)));
        double inside = 0;
        foreach (Forecast forecast in method.PredictPanel(3))
        {
            (double[] low, double[] high) = forecast.Interval(0.8);
            inside += ForecastMetrics.Coverage(panel[forecast.Series].Values[40..], low, high) / panel.Count;
        }

        Assert.That(inside, Is.EqualTo(0.8).Within(0.04));
    }

    [Test]
    public void Adaptive_intervals_follow_noise_that_grows()
    {
        Conformal Fitted(bool adaptive)
        {
            var method = new Conformal(new Narrow(1, 0), horizon: 1, origins: 60, adaptive, rate: 0.05);
            method.Fit(Noise("y", 150, 1, 7));
            return method;
        }

        double Covered(Conformal method)
        {
            int inside = 0;
            TimeSeries later = Noise("y", 600, 3, 8);
            for (int t = 0; t < later.Count; t++)
            {
                (double[] low, double[] high) = method.Predict(1).Interval(0.8);
                inside += later.Values[t] >= low[0] && later.Values[t] <= high[0] ? 1 : 0;
                method.Update(later.Slice(t, 1));
            }

            return inside / 600.0;
        }

        Assert.That(Covered(Fitted(adaptive: false)), Is.LessThan(0.5));
        Assert.That(Covered(Fitted(adaptive: true)), Is.EqualTo(0.8).Within(0.05));
    }

    [Test]
    public void What_is_too_short_to_calibrate_keeps_its_intervals_and_says_so()
    {
        var method = new Conformal(new SeasonalNaive(1));
        method.Fit(Noise("y", 6, 1, 1));
        Assert.That(method.Predict(1).Notes.Single(), Does.Contain("long enough"));
    }

    [Test]
    public void Calibrated_ensembles_are_saved_and_go_on()
    {
        var method = new Conformal(new Ensemble([new SeasonalNaive(1), new SeasonalNaive(4)]), 4, adaptive: true);
        SeriesPanel panel = new([Noise("a", 60, 1, 1), Noise("b", 50, 2, 2)]);
        method.Fit(panel);
        using var stream = new MemoryStream();
        method.Save(stream);
        stream.Position = 0;
        Forecaster loaded = Forecaster.Load(stream);
        SeriesPanel next = new([Noise("a", 6, 1, 3), Noise("b", 3, 2, 4)]);
        for (int round = 0; round < 2; round++)
        {
            Assert.That(loaded.PredictPanel(7).Select(f => f.Quantile(0.9)),
                Is.EqualTo(method.PredictPanel(7).Select(f => f.Quantile(0.9))));
            Assert.That(loaded.SamplePanel(3, 5)[1].Of(), Is.EqualTo(method.SamplePanel(3, 5)[1].Of()));
            loaded.Update(next);
            method.Update(next);
        }
    }

    private static TimeSeries Noise(string name, int count, double sigma, int seed)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, 5));
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = sigma * random.NextNormal();
        }

        return new TimeSeries(name, values);
    }

    /// <summary>Forecasts a constant, with a spread that is what it is told to be.</summary>
    private sealed class Narrow(double sigma, double point, bool scaled = false) : LocalForecaster(null)
    {
        public override string ClassName => "Narrow";

        public override Forecaster Unfitted() => new Narrow(sigma, point, scaled);

        public override LocalFit FitSeries(LocalTask task)
        {
            double scale = 1;
            if (scaled)
            {
                double[] values = task.Values.ToArray();
                scale = Math.Sqrt(values.Average(value => value * value));
            }

            return new Constant(sigma * scale, point);
        }

        protected internal override LocalFit ReadFit(ConfigReader state) => throw new NotSupportedException();
    }

    private sealed class Constant(double sigma, double point) : LocalFit
    {
        public override Config State => [];

        public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors) => QuantileGrid.Normal(
            Enumerable.Repeat(point, horizon).ToArray(), Enumerable.Repeat(sigma, horizon).ToArray());

        public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors) => this;

        public override string Describe() => "constant";
    }
}
