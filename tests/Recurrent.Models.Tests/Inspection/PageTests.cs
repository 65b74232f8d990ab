using System.Text.RegularExpressions;
using Recurrent.Data;
using Recurrent.Drawing;
using Recurrent.Forecasting;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Inspection;

/// <summary>What all pages owe to people on telephones, on paper, in the dark, and to those who cannot see them.</summary>
[TestFixture]
public sealed partial class PageTests
{
    private static Sequential Model(int steps)
    {
        var model = new Sequential([new LSTM(1, inputShape: (steps, 1)), new Dense(1)]);
        model.Compile("sgd", "mse");
        return model;
    }

    private static string[] Pages()
    {
        // One unit, one step, values around zero: where "1 steps" and "−0" would show.
        var series = new TimeSeries("x", [-1e-9, 1e-9, -1e-9], [new(2024, 1, 31), new(2024, 2, 29), new(2024, 3, 31)]);
        Sequential model = Model(1);
        string[] score = [new ForecastChart("c", "°C")
            .AddHistory(series).AddForecast(series.Continue("f", [-1e-12])).AddScores([new("f", -0.0, 0, 0)]).ToHtml()];
        return
        [
            .. score,
            new ForecastChart("zero").AddHistory(new TimeSeries("x", [-1, 1])).ToHtml(),
            model.Trace(new float[1, 1, 1]).ToHtml(),
            model.GradientFlow(new float[1, 1, 1], new float[1, 1] { { 1 } }).ToHtml(),
            Model(3).GradientFlow(new float[1, 3, 1], new float[1, 1] { { 1 } }).ToHtml(),
        ];
    }

    [Test]
    public void No_negative_zero_and_no_single_plural() => Assert.Multiple(() =>
    {
        foreach (string page in Pages())
        {
            string text = Tags().Replace(Scripts().Replace(page, string.Empty), " ");
            Assert.That(text, Does.Not.Match(@"[−-]0(?![.,0-9]*[1-9])"));
            Assert.That(page, Does.Not.Match(@"(?<![0-9.])1 (steps|units|values)"));
        }
    });

    [Test]
    public void Every_picture_has_words_and_every_page_a_narrow_and_a_printed_form() => Assert.Multiple(() =>
    {
        foreach (string page in Pages())
        {
            Assert.That(page,
                Does.Contain("width=device-width").And.Contain("prefers-color-scheme: dark").And.Contain("@media print"));
            Assert.That(page, Does.Contain("@media (max-width: 640px)"));
            Assert.That(page, Does.Not.Contain("alt=\"\"").And.Not.Contain("aria-label=\"\"").And.Not.Contain("overflow-x"));
            Assert.That(page, Does.Match("(alt|aria-label)=\"[^\"]{20,}\""));
        }
    });

    [Test]
    public void A_chart_says_its_lines_in_words()
    {
        (TimeSeries training, TimeSeries heldOut) = TestData.AirPassengers().HoldOut(24);
        string page = new ForecastChart("Air").AddHistory(training).AddTruth(heldOut)
            .AddForecast(training.Continue("LSTM", new double[24])).ToHtml();
        Assert.That(page, Does.Contain("LSTM, 24 values from 1959-01-01 to 1960-12-01, between 0 and 0, last 0"));
    }

    [Test]
    public void Gates_are_drawn_on_zero_to_one_and_can_be_read_back()
    {
        string page = Model(3).Trace(new float[1, 3, 1]).ToHtml();
        Assert.Multiple(() =>
        {
            Assert.That(page.Split("height=\"1\" data-low=\"0\" data-high=\"1\"").Length - 1, Is.EqualTo(3),
                "input, forget, output");
            Assert.That(page,
                Does.Contain("data-name=\"Gates\" data-x=\"step\" data-height=\"240\" data-low=\"0\" data-high=\"1\""));
            Assert.That(page.Split("height=\"1\" data-low=\"-1\" data-high=\"1\"").Length - 1, Is.EqualTo(4),
                "candidate, two states and the output");
            Assert.That(page, Does.Contain("alt=\"forget of lstm: 1 unit, 3 steps; from 0.731 to 0.731, mean 0.731\""));

            // sigmoid(1) = 0.731 is entry 186 of 255: the page's script gives back 0.73.
            byte[] file = HeatMap.Bitmap([0.7310586], 1, 0, 1);
            Assert.That(file[1078], Is.EqualTo(186));
            Assert.That(page, Does.Contain("charCodeAt(1078 +"));
        });
    }

    [TestCase(-0.0004, "0.###", "0")]
    [TestCase(-0.0, "0.00", "0.00")]
    [TestCase(-0.04, "0.00", "−0.04")]
    [TestCase(1234.5, "N1", "1,234.5")]
    public void Figures_have_no_negative_zero(double value, string format, string text) =>
        Assert.That(Figures.Decimals(value, format), Is.EqualTo(text));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("<(script|style)>.*?</(script|style)>", RegexOptions.Singleline)]
    private static partial Regex Scripts();
}
