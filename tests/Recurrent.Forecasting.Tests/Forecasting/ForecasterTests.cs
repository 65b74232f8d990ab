using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Serialization;

namespace Recurrent.Tests.Forecasting;

/// <summary>The one interface, by the simplest method.</summary>
[TestFixture]
public sealed class ForecasterTests
{
    private static readonly DateTime Start = new(2020, 1, 1);

    [Test]
    public void A_single_value_is_told()
    {
        var method = new NaiveForecast();
        method.Fit(TimeSeries.Create("x", ["x"], [[5]]));
        Assert.That(method.Predict(2).Notes, Has.Some.Contains("a single value").And.Contains("no width"));
        method.Fit(TimeSeries.Create("x", ["x"], [[5, 6]]));
        Assert.That(method.Predict(2).Notes, Is.Empty);
    }

    [Test]
    public void A_series_is_fitted_and_forecast_with_its_dates()
    {
        var method = new SeasonalNaive();
        method.Fit(Monthly("sales", 36));
        Forecast forecast = method.Predict(14);
        Assert.That(forecast.Point.ToArray(), Is.EqualTo(Enumerable.Range(0, 14).Select(k => Value(24 + (k % 12)))));
        Assert.That(forecast.Dates![0], Is.EqualTo(new DateTime(2023, 1, 1)));
        Assert.That(forecast.Dates[13], Is.EqualTo(new DateTime(2024, 2, 1)));
        Assert.That(forecast.Series, Is.EqualTo("sales"));
        (double[] low, double[] high) = forecast.Interval(0.8);
        Assert.That(low.Zip(high).All(pair => pair.First < pair.Second));
        Assert.That(high[13] - low[13], Is.EqualTo((high[0] - low[0]) * Math.Sqrt(2)).Within(1e-9));
    }

    [Test]
    public void What_came_is_taken_in_and_what_is_known_is_passed_over()
    {
        TimeSeries all = Monthly("sales", 48);
        var whole = new SeasonalNaive();
        whole.Fit(all.Slice(0, 36));
        Forecaster copy = whole.Copy();
        whole.Update(all.Slice(36, 12));
        copy.Update(all);
        Assert.That(whole.Predict(12).Point.ToArray(), Is.EqualTo(Enumerable.Range(36, 12).Select(Value)));
        Assert.That(copy.Predict(12).Point.ToArray(), Is.EqualTo(Enumerable.Range(36, 12).Select(Value)));
        Assert.That(copy.Predict(1).Dates![0], Is.EqualTo(new DateTime(2024, 1, 1)));
        Assert.That(() => copy.Update(Monthly("sales", 80).Slice(60, 20)),
            Throws.ArgumentException.With.Message.Contains("2023-12-01").And.Message.Contains("2025-01-01"));
        var daily = new TimeSeries("sales", [.. new double[20]], new DateTime(2024, 1, 1), Frequency.Daily);
        Assert.That(() => copy.Update(daily), Throws.ArgumentException.With.Message.Contains("frequency"));
        TimeSeries other = TimeSeries.Create("other", ["rain"], [new double[3]]);
        Assert.That(() => copy.Update(other),
            Throws.ArgumentException.With.Message.Contains("'sales'").And.Message.Contains("rain"));
    }

    [Test]
    public void A_panel_has_the_same_bits_on_any_number_of_threads_as_each_series_alone()
    {
        SeriesPanel panel = Panel(20);
        double[][] one = Points(panel, new() { Threads = 1 });
        Assert.That(Points(panel, new() { Threads = 8 }), Is.EqualTo(one));
        for (int i = 0; i < panel.Count; i++)
        {
            var alone = new SeasonalNaive();
            alone.Fit(panel[i]);
            Assert.That(alone.Predict(5).Quantile(0.9), Is.EqualTo(one[i]));
        }
    }

    [Test]
    public void A_bad_series_of_a_panel_is_named_and_left_out_where_asked()
    {
        var panel = new SeriesPanel([.. Panel(3), new TimeSeries("bad", Enumerable.Repeat(double.NaN, 30).ToArray())]);
        var method = new SeasonalNaive(4);
        Assert.That(() => method.Fit(panel),
            Throws.ArgumentException.With.Message.Contains("'bad'").And.Message.Contains("missing"));
        Assert.That(method.IsFitted, Is.False);
        method.Fit(panel, run: new() { OnBadSeries = BadSeries.LeaveOut });
        Assert.That(method.LeftOut.Single().Series, Is.EqualTo("bad"));
        Assert.That(method.PredictPanel(2).Select(f => f.Series), Is.EqualTo(Panel(3).Names));
        Assert.That(() => method.Predict(2), Throws.InvalidOperationException.With.Message.Contains("PredictPanel"));
    }

    [Test]
    public void Missing_values_are_filled_and_said_so()
    {
        double[] values = [.. Enumerable.Range(0, 48).Select(Value)];
        values[0] = values[20] = values[40] = double.NaN;
        var method = new SeasonalNaive(12);
        method.Fit(new TimeSeries("gaps", values));
        Forecast forecast = method.Predict(12);
        Assert.That(forecast.Notes.Single(), Does.Contain("3 of 48").And.Contain("'gaps'"));
        Assert.That(forecast.Point[4], Is.EqualTo(Value(40)).Within(3));
        Assert.That(() => method.Fit(new TimeSeries("none", Array.Empty<double>())), Throws.ArgumentException);
    }

    [Test]
    public void A_file_gives_the_same_bits_and_goes_on()
    {
        var method = new SeasonalNaive();
        SeriesPanel panel = Panel(5);
        method.Fit(panel);
        Forecaster loaded = Loaded(method);
        Assert.That(loaded.PredictPanel(9).Select(f => f.Quantile(0.3)),
            Is.EqualTo(method.PredictPanel(9).Select(f => f.Quantile(0.3))));
        Assert.That(loaded.PredictPanel(9).Select(f => f.Dates![3]), Is.EqualTo(method.PredictPanel(9).Select(f => f.Dates![3])));
        SeriesPanel next = Panel(5, 40);
        loaded.Update(next);
        method.Update(next);
        Assert.That(loaded.PredictPanel(3).Select(f => f.Quantile(0.3)),
            Is.EqualTo(method.PredictPanel(3).Select(f => f.Quantile(0.3))));
        Assert.That(() => new SeasonalNaive().Save(new MemoryStream()), Throws.InvalidOperationException);
    }

    [Test]
    public void Every_way_of_cutting_or_changing_a_file_gives_a_forecaster_or_a_format_exception()
    {
        var method = new SeasonalNaive();
        method.Fit(Panel(2));
        using var stream = new MemoryStream();
        method.Save(stream);
        byte[] bytes = stream.ToArray();
        for (int i = 0; i < bytes.Length; i++)
        {
            AssertSafe(bytes[..i]);
            foreach (byte other in (byte[])[(byte)'0', (byte)'"', (byte)'}', (byte)'9', (byte)'-'])
            {
                byte[] changed = [.. bytes];
                changed[i] = other;
                AssertSafe(changed);
            }
        }
    }

    [Test]
    public void Paths_follow_the_seed_and_the_distribution()
    {
        var method = new SeasonalNaive();
        method.Fit(Monthly("sales", 60));
        SamplePaths paths = method.Sample(6, 4000, seed: 3);
        Assert.That(method.Sample(6, 4000, seed: 3).Of(), Is.EqualTo(paths.Of()));
        Assert.That(method.Sample(6, 4000, seed: 4).Of(), Is.Not.EqualTo(paths.Of()));
        Forecast forecast = method.Predict(6);
        double share = paths.Of().Count(path => path[2] < forecast.Quantile(0.8)[2]) / 4000.0;
        Assert.That(share, Is.EqualTo(0.8).Within(0.03));
    }

    [Test]
    public void Wrong_uses_teach()
    {
        var method = new SeasonalNaive();
        Assert.That(() => method.Predict(1), Throws.InvalidOperationException.With.Message.Contains("Fit"));
        TimeSeries two = TimeSeries.Create("two", ["y", "x"], [new double[20], new double[20]]);
        Assert.That(() => method.Fit(two, new(Future: ["x"])), Throws.ArgumentException.With.Message.Contains("x"));
        Assert.That(() => method.Fit(two, new(Targets: ["z"])), Throws.ArgumentException.With.Message.Contains("y, x"));
        Assert.That(() => method.Fit(two, new(Targets: ["x"], Past: ["x"])), Throws.ArgumentException);
        method.Fit(two);
        Assert.That(method.Predict(2).Variables, Is.EqualTo(new[] { "y", "x" }));
        Assert.That(() => method.Predict(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Forecasters.Registry.Create("seasonal_naiv"),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'seasonal_naive'"));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(() => method.Fit(two, run: new() { Cancellation = source.Token }),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(method.IsFitted);
    }

    private static double Value(int t) => (10 * Math.Sin(t * Math.PI / 6)) + (t * t / 50.0);

    private static TimeSeries Monthly(string name, int count) =>
        new(name, [.. Enumerable.Range(0, count).Select(Value)], Start, Frequency.Monthly);

    private static SeriesPanel Panel(int count, int length = 30) => new([.. Enumerable.Range(0, count).Select(i =>
        new TimeSeries($"s{i}", [.. Enumerable.Range(0, length).Select(t => Value(t * (i + 1)))], Start, Frequency.Monthly))]);

    private static double[][] Points(SeriesPanel panel, ForecastRun run)
    {
        var method = new SeasonalNaive();
        method.Fit(panel, run: run);
        return [.. method.PredictPanel(5, run: run).Select(f => f.Quantile(0.9))];
    }

    private static Forecaster Loaded(Forecaster method)
    {
        using var stream = new MemoryStream();
        method.Save(stream);
        stream.Position = 0;
        return Forecaster.Load(stream);
    }

    private static void AssertSafe(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            _ = Forecaster.Load(stream).PredictPanel(3);
        }
        catch (ModelFormatException)
        {
        }
    }
}
