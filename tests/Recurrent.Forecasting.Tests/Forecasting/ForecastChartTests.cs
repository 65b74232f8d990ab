using System.Globalization;
using System.Text.RegularExpressions;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

[TestFixture]
public sealed partial class ForecastChartTests
{
    private static ForecastChart Chart()
    {
        (TimeSeries training, TimeSeries heldOut) = TestData.AirPassengers().HoldOut(24);
        var growth = new SeasonalNaiveWithGrowth(12, new LogTransform());
        var naive = new NaiveForecast();
        double[] forecast = growth.Forecast(training.Values, 24);
        double[] flat = naive.Forecast(training.Values, 24);
        return new ForecastChart("Passengers & <planes>", "thousands") { Subtitle = "24 months held out", Note = "It grows." }
            .AddHistory(training)
            .AddTruth(heldOut)
            .AddForecast(training.Continue(growth.Name, forecast))
            .AddBaseline(training.Continue(naive.Name, flat))
            .AddInterval("80 % interval", training.Continue("low", [.. forecast.Select(f => f * 0.9)]),
                training.Continue("high", [.. forecast.Select(f => f * 1.1)]))
            .AddScores([
                ForecastScore.Of(growth.Name, heldOut.Values, forecast, training.Values, 12),
                ForecastScore.Of(naive.Name, heldOut.Values, flat, training.Values, 12),
            ]);
    }

    [Test]
    public void The_page_needs_nothing_from_elsewhere()
    {
        string html = Chart().ToHtml();
        string own = Scripts().Replace(html, string.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.StartWith("<!DOCTYPE html>"));
            Assert.That(html, Does.Contain("default-src 'none'"), "the browser is told to fetch nothing");
            Assert.That(own, Does.Not.Match("(?i)<link|<img|src=\"(?!data:)|href=|@import|https?:"));
            Assert.That(html, Does.Contain("Passengers &amp; &lt;planes&gt;").And.Not.Contain("<planes>"));
            Assert.That(html, Does.Contain("prefers-color-scheme: dark").And.Contain("@media print"));
        });
    }

    [Test]
    public void The_chart_library_comes_with_its_licence() => Assert.That(Chart().ToHtml(),
        Does.Contain("https://github.com/leeoniya/uPlot (v1.6.32)").And.Contain("The MIT License (MIT)")
            .And.Contain("Copyright (c) 2022 Leon Sorokin"));

    [Test]
    public void The_table_behind_the_chart_has_every_value()
    {
        string html = Chart().ToHtml();
        string[] rows = [.. Rows().Matches(html[html.IndexOf("<tbody>", StringComparison.Ordinal)..]).Select(row => row.Value)];
        TimeSeries all = TestData.AirPassengers();
        Assert.That(rows.Count(row => row.StartsWith("<tr><td>19", StringComparison.Ordinal)), Is.EqualTo(144));
        for (int i = 0; i < 144; i++)
        {
            string date = all.Dates![i].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            string value = all[i].ToString(CultureInfo.InvariantCulture);
            string row = rows.Single(each => each.StartsWith($"<tr><td>{date}<", StringComparison.Ordinal));
            Assert.That(row, Does.StartWith(i < 120 ? $"<tr><td>{date}<td>{value}<td><td><td>"
                : $"<tr><td>{date}<td><td>{value}<td>"));
        }
    }

    [Test]
    public void Several_intervals_make_a_fan()
    {
        var history = new TimeSeries("x", [1, 2, 3]);
        string html = new ForecastChart("c").AddHistory(history).AddForecast(history.Continue("f", [4]))
            .AddInterval("95 %", history.Continue("l", [2]), history.Continue("h", [6]))
            .AddInterval("80 %", history.Continue("l", [3]), history.Continue("h", [5])).ToHtml();
        Assert.That(html, Does.Contain("<tr><td>3<td><td>4<td>2<td>6<td>3<td>5\n"));
        Assert.That(html.Split("data-role=\"low\" data-name=").Length - 1, Is.EqualTo(2));
    }

    [Test]
    public void Missing_values_are_gaps() => Assert.That(
        new ForecastChart("c").AddHistory(new TimeSeries("x", [1, 2, 3])).AddForecast(new TimeSeries("f", [1])).ToHtml(),
        Does.Contain("<tr><td>0<td>1<td>1\n").And.Contain("<tr><td>1<td>2<td>\n"));

    [Test]
    public void Values_names_dates_and_scores_are_there()
    {
        string html = Chart().ToHtml();
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Contain("passengers, 24 values from 1959-01-01 to 1960-12-01, between 342 and 622, last 432"));
            Assert.That(html, Does.Contain("<b>0.465</b>").And.Contain("<td>4.033</td>").And.Contain("<b>2.96 %</b>"));
            Assert.That(html,
                Does.Contain("passengers (training)").And.Contain("passengers (held out)").And.Contain("80 % interval"));
            Assert.That(html, Does.Contain("24 months held out").And.Contain("It grows."));
            Assert.That(html, Does.Contain("data-split=\"1958-12-01\" data-label=\"held out\""));
            Assert.That(html, Does.Contain("data-from=\"195"), "the first view is on what was held out");
        });
    }

    [Test]
    public void The_same_chart_is_the_same_file()
    {
        string first = Chart().ToHtml();
        Assert.That(Chart().ToHtml(), Is.EqualTo(first));
    }

    [Test]
    public void It_is_saved_as_plain_UTF_8()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "chart.html");
        Chart().Save(path);
        Assert.That(File.ReadAllBytes(path)[0], Is.EqualTo((byte)'<'));
        Assert.That(File.ReadAllText(path), Is.EqualTo(Chart().ToHtml()));
    }

    [Test]
    public void Series_without_dates_constant_series_and_single_values_can_be_drawn() => Assert.Multiple(() =>
    {
        var history = new TimeSeries("x", [5, 5, 5, 5]);
        Assert.That(new ForecastChart("c").AddHistory(history).AddForecast(history.Continue("f", [5])).ToHtml(),
            Does.Not.Contain(">NaN"));
        Assert.That(new ForecastChart("c").AddForecast(new TimeSeries("f", [0])).ToHtml(), Does.Not.Contain(">NaN"));
        Assert.That(new ForecastChart("c").AddForecast(new TimeSeries("f", [1], [new(2024, 1, 1)])).ToHtml(),
            Does.Not.Contain(">NaN"));
    });

    [Test]
    public void Misuse_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => new ForecastChart("c").ToHtml(),
            Throws.InvalidOperationException.With.Message.Contains("nothing to show"));
        Assert.That(
            () => new ForecastChart("c").AddHistory(TestData.AirPassengers()).AddForecast(new TimeSeries("f", [1])),
            Throws.ArgumentException.With.Message.Contains("TimeSeries.Continue"));
        Assert.That(
            () => new ForecastChart("c").AddInterval("i", new TimeSeries("low", [1]), new TimeSeries("high", [1, 2])),
            Throws.ArgumentException.With.Message.Contains("1 steps but the upper has 2"));
    });

    [TestCase(1e16, 1.0000000000000002e16)]
    [TestCase(1e300, 1e300)]
    [TestCase(-1e300, 1e300)]
    [TestCase(5e-324, 1e-323)]
    [TestCase(1e15, 1.000000000000001e15)]
    public void Values_of_any_magnitude_end_in_a_page(double low, double high) => Assert.That(
        new ForecastChart("c").AddHistory(new TimeSeries("x", [low, high, low])).ToHtml(),
            Does.Not.Contain(">NaN").And.Not.Contain("∞"));

    [Test]
    public void Dates_at_both_ends_of_the_calendar_end_in_a_page() => Assert.Multiple(() =>
    {
        foreach (DateTime end in new DateTime[] { new(9999, 12, 31), new(3, 1, 1) })
        {
            DateTime[][] all = [[end.AddDays(-2), end.AddDays(-1), end], [end.AddMonths(-20), end.AddMonths(-10), end],
                [end.AddHours(-2), end.AddHours(-1), end]];
            foreach (DateTime[] dates in all)
            {
                Assert.That(new ForecastChart("c").AddHistory(new TimeSeries("x", [1, 2, 3], dates, DateGaps.Accept)).ToHtml(),
                    Does.Contain("class=\"plot\""));
            }
        }
    });

    [Test]
    public void What_is_missing_or_too_large_is_named() => Assert.Multiple(() =>
    {
        var chart = new ForecastChart("c");
        Assert.That(() => chart.AddHistory(new TimeSeries("x", [1.7e308])),
            Throws.ArgumentException.With.Message.StartsWith("'x' has the value 1.7E+308, which is too large to draw"));
        Assert.That(() => chart.AddScores(null!), Throws.ArgumentNullException);
        Assert.That(() => chart.AddScores([new("a", 1, 2, 3), null!]),
            Throws.ArgumentException.With.Message.StartsWith("Row 1 of the scores is null"));
        Assert.That(new ForecastScore("LSTM", 17.013, 2.7712, 0.4481).ToString(),
            Is.EqualTo("LSTM: RMSE 17.01, sMAPE 2.77 %, MASE 0.448"));
        Assert.That(
            () => new SeasonalNaiveWithGrowth(int.MaxValue).Forecast([1], 3),
                Throws.ArgumentException.With.Message.Contains("at least 2147483648 values"));
        Assert.That(() => ForecastMetrics.MaseScale([1, 2], int.MaxValue),
            Throws.ArgumentException.With.Message.Contains("at least 2147483648 values"));
    });

    [GeneratedRegex("<(script|style)>.*?</(script|style)>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("<tr>.*")]
    private static partial Regex Rows();
}
