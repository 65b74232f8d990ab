using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Tests.Data;

/// <summary>What single preparations compute, by hand, and what they refuse.</summary>
[TestFixture]
public sealed class PreparationNumberTests
{
    [Test]
    public void Differences_by_hand()
    {
        var difference = new Difference();
        TimeSeries prepared = difference.FitTransform(Of(1, 4, 9, 16));
        Assert.Multiple(() =>
        {
            Assert.That(prepared.Values.ToArray(), Is.EqualTo(new[] { double.NaN, 3, 5, 7 }));
            Assert.That(difference.Inverse([9, 11, 13]), Is.EqualTo(new double[] { 25, 36, 49 }));
        });
        var second = new Difference(1, 2);
        second.Fit(Of(1, 4, 9, 16));
        Assert.That(second.Inverse([2, 2, 2]), Is.EqualTo(new double[] { 25, 36, 49 }));
        var season = new SeasonalDifference(2);
        season.Fit(Of(10, 20, 11, 22));
        Assert.That(season.Inverse([1, 2, 1]), Is.EqualTo(new double[] { 12, 24, 13 }));
    }

    [Test]
    public void Quantiles_of_differences_spread_by_the_root_of_time()
    {
        var difference = new Difference();
        difference.Fit(Of(1, 2, 3));
        ValuesAhead level = difference.Inverse(new ValuesAhead([1, 1, 1, 1], [[3, 3, 3, 3], [-1, -1, -1, -1]]));
        Assert.Multiple(() =>
        {
            Assert.That(level.Point, Is.EqualTo(new double[] { 4, 5, 6, 7 }));
            Assert.That(
                level.Quantiles[0], Is.EqualTo(new[] { 6, 5 + (2 * Math.Sqrt(2)), 6 + (2 * Math.Sqrt(3)), 11 }).Within(1e-12));
            Assert.That(level.Quantiles[1][3], Is.EqualTo(3).Within(1e-12));
        });
        var season = new SeasonalDifference(2);
        season.Fit(Of(1, 2, 3, 4));
        ValuesAhead seasonal = season.Inverse(new ValuesAhead([0, 0, 0, 0], [[2, 2, 2, 2]]));
        double[] spread = [.. seasonal.Quantiles[0].Zip(seasonal.Point, (quantile, point) => quantile - point)];
        Assert.That(spread, Is.EqualTo(new[] { 2, 2, 2 * Math.Sqrt(2), 2 * Math.Sqrt(2) }).Within(1e-12));
    }

    [Test]
    public void A_trend_goes_on()
    {
        var line = new Detrend();
        TimeSeries prepared = line.FitTransform(Of(3, 5, double.NaN, 9, 11));
        Assert.Multiple(() =>
        {
            Assert.That(prepared.Values.ToArray().Where(value => !double.IsNaN(value)), Is.All.EqualTo(0).Within(1e-10));
            Assert.That(line.Inverse([0, 0]), Is.EqualTo(new double[] { 13, 15 }).Within(1e-10));
        });

        // Up to 10 at t = 5 and level from there on; the last piece is the one that goes on.
        var pieces = new Detrend(2);
        pieces.Fit(Of([.. Enumerable.Range(0, 11).Select(t => 2.0 * Math.Min(t, 5))]));
        Assert.That(pieces.Inverse([0, 0, 0]), Is.EqualTo(new double[] { 10, 10, 10 }).Within(1e-9));
    }

    [Test]
    public void A_season_repeats_its_last_period()
    {
        double[] season = [4, -1, -3];
        TimeSeries training = Of([.. Enumerable.Range(0, 20).Select(t => 50 + season[t % 3])]);
        var adjustment = new SeasonalAdjustment([3]);
        TimeSeries prepared = adjustment.FitTransform(training);
        Assert.Multiple(() =>
        {
            Assert.That(prepared.Values.ToArray(), Is.All.EqualTo(50).Within(0.05));
            Assert.That(adjustment.Inverse([50, 50, 50, 50]), Is.EqualTo(new double[] { 47, 54, 49, 47 }).Within(0.1));
        });
    }

    [Test]
    public void Outliers_are_clipped_and_nothing_else()
    {
        var random = new System.Random(2);
        double[] values = [.. Enumerable.Range(0, 120).Select(t => 100 + (10 * Math.Sin(t * Math.PI / 6)) + random.NextDouble())];
        (double high, double low) = (values[33], values[80]);
        values[33] += 50;
        values[80] -= 50;
        TimeSeries training = new("load", values, new DateTime(2010, 1, 1), Frequency.Monthly);
        var clipping = new OutlierClipping();
        double[] clipped = clipping.FitTransform(training).Values.ToArray();
        int[] changed = [.. Enumerable.Range(0, values.Length).Where(i => clipped[i] != values[i])];
        Assert.Multiple(() =>
        {
            Assert.That(changed, Is.EqualTo(new[] { 33, 80 }));
            Assert.That(clipped[33], Is.EqualTo(high).Within(4));
            Assert.That(clipped[80], Is.EqualTo(low).Within(4));
            Assert.That(clipping.FitTransform(Of(5, 5, 5, 5, 5, 5)).Values.ToArray(), Is.All.EqualTo(5));
            Assert.That(clipping.FitTransform(Of(5, 6)).Values.ToArray(), Is.EqualTo(new double[] { 5, 6 }));
        });
    }

    [Test]
    public void A_pooled_scale_is_that_of_all_series()
    {
        var scaling = new StandardScaling(pooled: true);
        SeriesPanel panel = new([Of(1, 3).Rename("a"), Of(5, 7).Rename("b")]);
        SeriesPanel prepared = scaling.FitTransform(panel);

        // Mean 4, deviation √((9 + 1 + 1 + 9) / 4).
        Assert.That(prepared["b"].Values.ToArray(), Is.EqualTo(new[] { 1 / Math.Sqrt(5), 3 / Math.Sqrt(5) }).Within(1e-12));
        Assert.That(scaling.Copy().Transform(panel)["a"].Values[0], Is.EqualTo(-3 / Math.Sqrt(5)).Within(1e-12));
    }

    [Test]
    public void What_cannot_be_prepared_is_said_with_its_row()
    {
        TimeSeries dated = new("sales", [3, 0, 2], new DateTime(2024, 1, 31), Frequency.MonthEnds);
        Preparation fitted = new StandardScaling();
        fitted.Fit(new SeriesPanel([Of(1, 2, 3), Of(4, 5, 6).Rename("b")]));
        Assert.Multiple(() =>
        {
            Assert.That(() => new LogScaling().Fit(dated), Throws.ArgumentException.With.Message.Matches(
                @"row 1 \(2024-02-29.*variable 'sales' of series 'sales' is 0.*above 0"));
            Assert.That(() => new BoxCoxScaling(0).Fit(dated), Throws.ArgumentException.With.Message.Contains("row 1"));
            Assert.That(() => new SeasonalDifference().Fit(Of(1, 2, 3)), Throws.ArgumentException.With.Message.Contains(
                "needs the length of a season"));
            Assert.That(() => new SeasonalDifference(3).Fit(Of(1, 2, 3)), Throws.ArgumentException.With.Message.Contains(
                "more than 3 values"));
            Assert.That(() => new SeasonalAdjustment([12]).Fit(dated), Throws.ArgumentException.With.Message.Contains(
                "series 'sales': Stl: a season of 12 steps needs more than 24 values"));
            Assert.That(() => new StandardScaling().Fit(Of(double.NaN, double.NaN)),
                Throws.ArgumentException.With.Message.Contains(
                "All 2 values are missing"));
            Assert.That(() => new StandardScaling(["lod"]).Fit(Of(1, 2)), Throws.ArgumentException.With.Message.Contains("lod"));
            Assert.That(() => fitted.Transform(Of(1).Rename("c")), Throws.ArgumentException.With.Message.Contains("'c'"));
            Assert.That(() => new Difference(0), Throws.ArgumentException.With.Message.Contains("lag"));
            Assert.That(() => new PreparationPipeline(fitted, fitted), Throws.ArgumentException.With.Message.Contains("twice"));
        });
    }

    [Test]
    public void A_state_that_is_none_is_refused()
    {
        var difference = new Difference();
        difference.Fit(Of(1, 2, 4));
        Config good = difference.GetConfig();
        foreach (string key in (string[])["tail", "places", "values", "lag", "missing"])
        {
            Assert.That(
                () => Preparation.Registry.Create(new ComponentConfig("Difference", (Config)Without(good, key)!)),
                Throws.InstanceOf<ConfigException>(), key);
        }
    }

    /// <summary>A config without one entry of the states in it.</summary>
    private static object? Without(object? value, string key, bool inState = false)
    {
        if (value is IReadOnlyList<object?> list)
        {
            return list.Select(item => Without(item, key, inState)).ToArray();
        }

        if (value is not Config config)
        {
            return value;
        }

        Config result = [];
        foreach ((string name, object? entry) in config)
        {
            if (name != key || !inState)
            {
                result.Add(name, Without(entry, key, inState || name == "variables"));
            }
        }

        return result;
    }

    private static TimeSeries Of(params double[] values) => new("x", values);
}
