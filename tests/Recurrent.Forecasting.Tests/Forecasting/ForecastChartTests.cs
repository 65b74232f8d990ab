using System.Text.RegularExpressions;
using System.Xml.Linq;
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
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.StartWith("<!DOCTYPE html>"));
            Assert.That(html, Does.Not.Match("(?i)<script|<link|<img|src=|href=|url\\(|@import|https?:"));
            Assert.That(html, Does.Contain("Passengers &amp; &lt;planes&gt;").And.Not.Contain("<planes>"));
            Assert.That(html, Does.Contain("prefers-color-scheme: dark"));
        });
    }

    [Test]
    public void Its_drawings_are_well_formed_and_stay_inside_their_frame()
    {
        XElement[] drawings = [.. Svg().Matches(Chart().ToHtml()).Select(match => XElement.Parse(match.Value))];
        XElement[] panels = [.. drawings.Where(d => d.Attribute("role") is not null)];
        Assert.That(panels, Has.Length.EqualTo(2), "all values, and the forecast close up");
        foreach (XElement panel in panels)
        {
            double[] frame = [.. panel.Attribute("viewBox")!.Value.Split(' ').Select(Number)];
            foreach (XElement path in panel.Elements("path"))
            {
                double[] places = [.. Coordinate().Matches(path.Attribute("d")!.Value).Select(match => Number(match.Value))];
                Assert.That(places.Where((_, i) => i % 2 == 0), Is.All.InRange(0, frame[2]));
                Assert.That(places.Where((_, i) => i % 2 == 1), Is.All.InRange(0, frame[3]));
            }
        }
    }

    [Test]
    public void Values_names_dates_and_scores_are_there()
    {
        string html = Chart().ToHtml();
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Contain("passengers, 1 Dec 1960: 432"));
            Assert.That(html, Does.Contain(">1955</text>"));
            Assert.That(html, Does.Contain("<b>0.465</b>").And.Contain("<td>4.033</td>").And.Contain("<b>2.96 %</b>"));
            Assert.That(html,
                Does.Contain("passengers (training)").And.Contain("passengers (held out)").And.Contain("80 % interval"));
            Assert.That(html, Does.Contain("24 months held out").And.Contain("It grows."));
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
            Does.Not.Contain("NaN"));
        Assert.That(new ForecastChart("c").AddForecast(new TimeSeries("f", [0])).ToHtml(), Does.Not.Contain("NaN"));
        Assert.That(new ForecastChart("c").AddForecast(new TimeSeries("f", [1], [new(2024, 1, 1)])).ToHtml(),
            Does.Not.Contain("NaN"));
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
            Does.Not.Contain("NaN").And.Not.Contain("∞"));

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
                    Does.Contain("<svg"));
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

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();

    [GeneratedRegex("[0-9.-]+")]
    private static partial Regex Coordinate();
}
