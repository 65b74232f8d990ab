using System.Globalization;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

[TestFixture]
public sealed class ForecastReportTests
{
    /// <summary>A report with all that one can have.</summary>
    internal static ForecastReport Whole()
    {
        TimeSeries all = TestData.AirPassengers();
        (TimeSeries training, TimeSeries heldOut) = all.HoldOut(24);
        Forecast forecast = Fitted(training).Predict(24);
        var report = new ForecastReport("Passengers & <planes>", training)
        {
            Subtitle = "24 months held out",
            Unit = "thousands",
        };
        report.AddForecast(forecast).AddTruth(heldOut)
            .AddBaseline(new Forecast("passengers", "Flat", ["passengers"],
                [QuantileGrid.Normal(Enumerable.Repeat(337.0, 24).ToArray(), Enumerable.Repeat(20.0, 24).ToArray())],
                heldOut.Dates))
            .AddScores([ForecastScore.Of("Seasonal naive", heldOut.Values, forecast.Point, training.Values, 12)])
            .AddResiduals([.. Enumerable.Range(0, 120).Select(i => i < 12 ? double.NaN : all[i] - all[i - 12])])
            .AddTraining("LSTM, seed 0", new Dictionary<string, IReadOnlyList<double>>
            {
                ["loss"] = [1, 0.5, 0.25, 0.2],
                ["val_loss"] = [1.1, 0.6, 0.4],
            })
            .AddPreparation("The logarithm was taken.")
            .AddVerdict("Seasonal naive loses: it knows no growth.", holds: false)
            .AddFact("Seed", "0");
        for (int origin = 84; origin <= 132; origin += 6)
        {
            report.AddOrigin(Fitted(all.Slice(0, origin)).Predict(12), all.Slice(origin, 12));
        }

        return report;
    }

    [Test]
    public void Everything_is_on_the_page()
    {
        string html = Whole().ToHtml();
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Contain("Passengers &amp; &lt;planes&gt;").And.Not.Contain("<planes>"));
            foreach (string part in new[] { "scores", "backtest", "residuals", "training", "data", "made" })
            {
                Assert.That(html, Does.Contain($"<h2 id=\"{part}\""), part);
            }

            Assert.That(html,
                Does.Contain("data-name=\"95 %\"").And.Contain("data-name=\"80 %\"").And.Contain("data-name=\"50 %\""));
            Assert.That(html, Does.Contain("note bad").And.Contain("it knows no growth"));
            Assert.That(html, Does.Contain("The logarithm was taken."));
            Assert.That(html, Does.Contain("what was said at 9 origins, and what came"));
            Assert.That(html.Split("class=\"plot\"").Length - 1, Is.EqualTo(6),
                "forecast, backtest, course, autocorrelation, distribution, training");
        });
    }

    [Test]
    public void The_forecast_in_numbers_is_the_forecast()
    {
        Forecast forecast = Fitted(TestData.AirPassengers().HoldOut(24).Training).Predict(24);
        (double[] low, double[] high) = forecast.Interval(0.8);
        string html = Whole().ToHtml();
        Assert.That(html, Does.Contain(FormattableString.Invariant(
            $"1959-07-01</th><td>{forecast.Point[6]:G5}</td>")));
        Assert.That(html, Does.Contain(FormattableString.Invariant($"<td>{low[6]:G5} – {high[6]:G5}</td>")));
    }

    [Test]
    public void A_backtest_brings_scores_origins_and_the_verdict()
    {
        TimeSeries series = TestData.AirPassengers();
        BacktestResult result = Backtest.Run(
            series, [new SeasonalNaive(12), new AutoArima()], new BacktestOptions(12) { Folds = 3 });
        string html = new ForecastReport("t", series).AddBacktest(result).ToHtml();
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Contain("what was said at 3 origins"));
            Assert.That(html, Does.Contain(System.Net.WebUtility.HtmlEncode(result.Verdicts[0].Verdict)));
            bool clear = result.Verdicts[0].Test is { PValue: < 0.05 };
            Assert.That(html.Contains("note good", StringComparison.Ordinal), Is.EqualTo(clear), "praised only beyond chance");
            Assert.That(html, Does.Match($"<tr class=\"model\"><th scope=\"row\" class=\"short\">ARIMA</th><td>(<b>)?"
                + result.Scores[1].Mase.ToString("0.000", CultureInfo.InvariantCulture)));
            Assert.That(() => new ForecastReport("t", series).AddBacktest(result, "ETS"),
                Throws.ArgumentException.With.Message.Contains("no forecast of series 'passengers' by 'ETS'"));
        });
    }

    [Test]
    public void A_report_needs_no_more_than_a_series()
    {
        var numbers = new TimeSeries("x", [1, 2, double.NaN, 4]);
        Assert.That(new ForecastReport("t", numbers).ToHtml(), Does.Contain("<tr><td>2<td>\n").And.Not.Contain("<h2"));
    }

    [Test]
    public void Steps_without_dates_and_several_variables_can_be_shown()
    {
        double[] values = [.. Enumerable.Range(0, 40).Select(i => 10 + (i % 4) + (0.1 * i))];
        var series = TimeSeries.Create("shop", ["sales", "price"], [values, [.. values.Select(v => v / 2)]]);
        (TimeSeries training, TimeSeries heldOut) = series.HoldOut(4);
        var method = new SeasonalNaive(4);
        method.Fit(training);
        string html = new ForecastReport("t", training, "price").AddForecast(method.Predict(4)).AddTruth(heldOut)
            .AddOrigin(method.Predict(4), heldOut).ToHtml();
        Assert.That(html, Does.Contain("data-split=\"35\"").And.Contain("shop, price").And.Contain("<tr><td>36<td><td>6.8<td>"));
    }

    [Test]
    public void Misuse_is_refused() => Assert.Multiple(() =>
    {
        TimeSeries series = TestData.AirPassengers();
        Assert.That(() => new ForecastReport("t", series.Slice(0, 0)), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => new ForecastReport("t", series).AddOrigin(Fitted(series).Predict(3), series.Slice(0, 4)),
            Throws.ArgumentException.With.Message.Contains("3 steps but 4 values"));
        Assert.That(() => new ForecastReport("t", series).AddResiduals(new double[145]),
            Throws.ArgumentException.With.Message.Contains("145 residuals"));
    });

    private static SeasonalNaive Fitted(TimeSeries series)
    {
        var method = new SeasonalNaive(12);
        method.Fit(series);
        return method;
    }
}
