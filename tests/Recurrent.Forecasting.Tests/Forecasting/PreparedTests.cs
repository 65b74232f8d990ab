using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Serialization;

namespace Recurrent.Tests.Forecasting;

/// <summary>A method on prepared series.</summary>
[TestFixture]
public sealed class PreparedTests
{
    private static readonly PreparationPipeline Growth = new(new LogScaling(), new SeasonalDifference(12));

    [Test]
    public void A_seasonal_naive_forecast_of_logarithms_is_that_of_the_series()
    {
        TimeSeries series = TestData.AirPassengers();
        var prepared = new Prepared(new SeasonalNaive(12), new LogScaling());
        var plain = new SeasonalNaive(12);
        prepared.Fit(series);
        plain.Fit(series);
        Forecast forecast = prepared.Predict(24);
        (double[] low, double[] high) = forecast.Interval(0.95);
        Assert.Multiple(() =>
        {
            Assert.That(forecast.Point.ToArray(), Is.EqualTo(plain.Predict(24).Point.ToArray()).Within(1e-6));
            Assert.That(low[23], Is.LessThan(forecast.Point[23]));
            Assert.That(high[23], Is.GreaterThan(forecast.Point[23]));

            // Even on the scale of logarithms, so the upper half is the wider one.
            Assert.That(low[0] * high[0], Is.EqualTo(forecast.Point[0] * forecast.Point[0]).Within(0.1).Percent);
            Assert.That(forecast.Dates![0], Is.EqualTo(plain.Predict(1).Dates![0]));
        });
    }

    [Test]
    public void Growth_over_the_year_is_a_naive_forecast_of_differences_of_logarithms()
    {
        TimeSeries series = TestData.AirPassengers();
        var prepared = new Prepared(new SeasonalNaive(1), Growth);
        prepared.Fit(series);

        // The last growth over a year goes on.
        double growth = series[^1] / series[^13];
        double[] expected = [.. Enumerable.Range(0, 12).Select(i => series[series.Count - 12 + i] * growth)];
        Assert.That(prepared.Predict(12).Point.ToArray(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Method_and_preparation_are_those_that_were_given_and_once_fitted_the_fitted_ones()
    {
        var given = new StandardScaling();
        var prepared = new Prepared(new SeasonalNaive(2), given);
        Assert.That(prepared.Preparation.IsFitted, Is.False);
        Assert.That(() => prepared.Method.Predict(1), Throws.InvalidOperationException);

        // Mean 6, standard deviation 2: the preparation makes ±1 of the series, and the method forecasts that.
        var series = new TimeSeries("x", [4, 8, 4, 8, 4, 8]);
        prepared.Fit(series);
        Assert.Multiple(() =>
        {
            Assert.That(prepared.Preparation.Transform(series).Values.ToArray(), Is.EqualTo(new[] { -1.0, 1, -1, 1, -1, 1 }));
            Assert.That(prepared.Method.Predict(3).Point.ToArray(), Is.EqualTo(new[] { -1.0, 1, -1 }));
            Assert.That(prepared.Predict(3).Point.ToArray(), Is.EqualTo(new[] { 4.0, 8, 4 }));
            Assert.That(given.IsFitted, Is.False, "what was given is not changed");
        });
    }

    [Test]
    public void A_file_holds_method_and_preparation()
    {
        TimeSeries series = TestData.AirPassengers();
        var prepared = new Prepared(new SeasonalNaive(1), Growth);
        prepared.Fit(series.Slice(0, 120));
        using var stream = new MemoryStream();
        prepared.Save(stream);
        stream.Position = 0;
        Forecaster again = Forecaster.Load(stream);
        Assert.That(again.Predict(7).Point.ToArray(), Is.EqualTo(prepared.Predict(7).Point.ToArray()));
        again.Update(series.Slice(120, 24));
        prepared.Update(series.Slice(120, 24));
        var whole = new Prepared(new SeasonalNaive(1), Growth);
        whole.Fit(series);
        Assert.Multiple(() =>
        {
            Assert.That(again.Predict(7).Point.ToArray(), Is.EqualTo(prepared.Predict(7).Point.ToArray()));
            Assert.That(again.Predict(7).Point.ToArray(), Is.EqualTo(whole.Predict(7).Point.ToArray()).Within(1e-9));
            Assert.That(
                again.Sample(5, 3, seed: 1)[2], Is.EqualTo(prepared.Sample(5, 3, seed: 1)[2]));
        });
    }

    [Test]
    public void A_series_that_cannot_be_prepared_is_named_and_the_others_go_on()
    {
        double[] good = [.. Enumerable.Range(1, 40).Select(t => (double)t)];
        double[] bad = [.. good];
        bad[7] = -1;
        var panel = new SeriesPanel([new TimeSeries("a", good), new TimeSeries("b", bad), new TimeSeries("c", good)]);
        var prepared = new Prepared(new SeasonalNaive(1), new LogScaling());
        Assert.That(() => prepared.Fit(panel), Throws.ArgumentException.With.Message.Matches("Series 'b'.*row 7"));
        prepared.Fit(panel, run: new ForecastRun { OnBadSeries = BadSeries.LeaveOut });
        Assert.Multiple(() =>
        {
            Assert.That(prepared.LeftOut.Single().Series, Is.EqualTo("b"));
            Assert.That(prepared.PredictPanel(2).Select(forecast => forecast.Point[1]), Is.All.EqualTo(40).Within(1e-9));
        });
    }

    [Test]
    public void What_the_method_cannot_use_is_refused()
    {
        var prepared = new Prepared(new SeasonalNaive(12), new CalendarFeatures());
        Assert.That(
            () => prepared.Fit(TestData.AirPassengers()),
                Throws.ArgumentException.With.Message.Contains("does not use such variables"));
    }

    [Test]
    public void The_calendar_goes_to_methods_that_know_what_is_ahead()
    {
        var prepared = new Prepared(
            new RecurrentForecaster("GRU", lookback: 12, horizon: 6, units: 4, training: new NetworkTraining { Epochs = 2 }),
            new PreparationPipeline(new CalendarFeatures(["month"]), new StandardScaling(["passengers"])));
        prepared.Fit(TestData.AirPassengers());
        Assert.Multiple(() =>
        {
            Assert.That(prepared.Method.Roles.Future, Is.EqualTo(new[] { "month_sin", "month_cos" }));
            Assert.That(prepared.Predict(6).Point.ToArray(), Has.All.InRange(100, 900));
        });
    }

    [Test]
    public void Filling_by_a_model_that_no_file_can_hold_is_refused_before_anything_is_fitted()
    {
        var fill = new Imputation((history, steps) => [.. Enumerable.Repeat(history[^1], steps)]);
        Assert.That(() => new Prepared(new SeasonalNaive(12), new PreparationPipeline(fill, new LogScaling())),
            Throws.ArgumentException.With.Message.Contains("FillMissing.ByModel").And.Message.Contains("'seasonal'"));
        TimeSeries filled = fill.FitTransform(new TimeSeries("x", [1, 2, double.NaN, 4]));
        Assert.That(() => new Prepared(new NaiveForecast(), new LogScaling()).Fit(filled), Throws.Nothing, "filled first");
    }

    [Test]
    public void A_broken_file_is_none()
    {
        var prepared = new Prepared(new SeasonalNaive(1), new Difference());
        prepared.Fit(new TimeSeries("x", [1, 2, 4, 7]));
        using var stream = new MemoryStream();
        prepared.Save(stream);
        string text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        foreach ((string from, string to) in ((string, string)[])
            [("\"tail\"", "\"tial\""), ("\"preparation\"", "\"p\""), ("Difference", "Diference"), ("\"end\"", "\"ende\"")])
        {
            using var broken = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text.Replace(from, to,
                StringComparison.Ordinal)));
            Assert.That(() => Forecaster.Load(broken), Throws.InstanceOf<ModelFormatException>(), from);
        }
    }
}
