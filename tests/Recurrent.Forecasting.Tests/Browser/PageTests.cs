using System.Globalization;
using PuppeteerSharp;
using PuppeteerSharp.Media;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Tests.Forecasting;

namespace Recurrent.Tests.Browser;

/// <summary>
/// Pages as people see them: a real browser, at the widths of a telephone, a tablet and a screen, in light and dark.
/// </summary>
[TestFixture]
[Category("Browser")]
[Category("Slow")]
[NonParallelizable]
public sealed class PageTests
{
    private static readonly int[] Widths = [360, 800, 1440];
    private static readonly string[] Kinds = ["chart", "report", "anomalies", "trace", "gradients", "drawing"];

    private readonly Dictionary<string, string> pages = [];
    private IBrowser browser = null!;

    private static IEnumerable<object[]> Cases => from kind in Kinds
                                                  from width in Widths
                                                  from dark in new[] { false, true }
                                                  select new object[] { kind, width, dark };

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        browser = await Chromium.LaunchAsync();
        Sequential model = Model();
        float[,,] x = Input();

        pages["chart"] = ChartPage();
        pages["report"] = ForecastReportTests.Whole().ToHtml();
        TimeSeries series = TestData.AirPassengers();
        pages["anomalies"] = new ForecastReport("Unusual", series).AddAnomalies(
            new AnomalyDetector(new ForecastScorer(new SeasonalNaive(12)), new QuantileThreshold(0.9)).Fit(series)).ToHtml();
        pages["trace"] = model.Trace(x).ToHtml();
        pages["gradients"] = model.GradientFlow(x, new float[2, 1] { { 1 }, { 0 } }).ToHtml();
        string drawing = Path.Combine(TestContext.CurrentContext.WorkDirectory, "drawing.html");
        model.Draw(drawing);
        pages["drawing"] = await File.ReadAllTextAsync(drawing);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (browser is not null)
        {
            await browser.CloseAsync();
        }
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Every_page_is_drawn_and_fits(string kind, int width, bool dark)
    {
        (IPage page, List<string> wrong) = await OpenAsync(kind, width, dark);
        await using IPage closing = page;
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(wrong, Is.Empty);
            Assert.That(await page.EvaluateExpressionAsync<int>("document.documentElement.scrollWidth"),
                Is.LessThanOrEqualTo(width), "nothing scrolls sideways");
            int figures = await page.EvaluateExpressionAsync<int>("document.querySelectorAll('figure.chart').length");
            double[] ink = await page.EvaluateExpressionAsync<double[]>(Ink);
            Assert.That(ink, Has.Length.EqualTo(figures));
            Assert.That(ink, Is.All.GreaterThan(0.004), "each canvas has something on it");

            // The lightness of what the page stands on, as the browser paints it.
            int[] ground = await page.EvaluateExpressionAsync<int[]>(
                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)");
            Assert.That(ground.Average(), dark ? Is.LessThan(60) : Is.GreaterThan(200));
        });
    }

    [TestCase(360, 740)]
    [TestCase(800, 1000)]
    [TestCase(1440, 900)]
    public async Task The_forecast_is_in_view_without_scrolling(int width, int height)
    {
        foreach (string kind in new[] { "chart", "report" })
        {
            (IPage page, _) = await Chromium.OpenAsync(browser, pages[kind], width, height);
            await using IPage closing = page;

            // Where the forecast's line was drawn: pixels of its colour on the first canvas.
            double[] place = await page.EvaluateExpressionAsync<double[]>("""
                (() => {
                  const canvas = document.querySelector(".plot canvas"), box = canvas.getBoundingClientRect();
                  const { width, height } = canvas, data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
                  let left = 1e9, right = -1, bottom = -1, count = 0;
                  for (let i = 0; i < data.length; i += 4) {
                    const away = Math.abs(data[i] - 79) + Math.abs(data[i + 1] - 70) + Math.abs(data[i + 2] - 229);
                    if (away < 24 && data[i + 3] > 240) {
                      const x = (i / 4) % width, y = Math.floor(i / 4 / width);
                      left = Math.min(left, x); right = Math.max(right, x); bottom = Math.max(bottom, y); count++;
                    }
                  }
                  const scale = box.width / width;
                  return [box.left + scale * left, box.left + scale * right, box.top + scale * bottom, count,
                    scale * (right - left)];
                })()
                """);
            Assert.Multiple(() =>
            {
                Assert.That(place[3], Is.GreaterThan(150), $"{kind}: pixels of the forecast");
                Assert.That(place[0], Is.GreaterThan(0));
                Assert.That(place[1], Is.LessThan(width));
                Assert.That(place[2], Is.LessThan(height), $"{kind}: its lowest pixel");
                Assert.That(place[4], Is.GreaterThan(0.2 * Math.Min(width, 1040)), $"{kind}: it has room");
            });
        }
    }

    [Test]
    public async Task The_table_behind_the_chart_is_what_the_chart_draws()
    {
        (IPage page, _) = await OpenAsync("chart", 1440, dark: false);
        await using IPage closing = page;
        string[][] rows = await page.EvaluateExpressionAsync<string[][]>(
            "[...document.querySelector('figure.chart .data tbody').rows]"
                + ".map(row => [...row.cells].map(cell => cell.textContent.trim()))");
        TimeSeries all = TestData.AirPassengers();
        Assert.That(rows, Has.Length.EqualTo(144));
        for (int i = 0; i < 144; i++)
        {
            Assert.That(rows[i][0], Is.EqualTo(all.Dates![i].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
            Assert.That(rows[i][i < 120 ? 1 : 2], Is.EqualTo(all[i].ToString(CultureInfo.InvariantCulture)));
        }

        // Opening it shows it.
        await page.ClickAsync("figure.chart summary");
        Assert.That(await page.EvaluateExpressionAsync<double>("document.querySelector('figure.chart .data').offsetHeight"),
            Is.GreaterThan(1000));
    }

    [TestCase(360)]
    [TestCase(1440)]
    public async Task Pointing_at_the_chart_shows_the_values_there(int width)
    {
        (IPage page, _) = await OpenAsync("chart", width, dark: false);
        await using IPage closing = page;
        await Point(page, ".plot .u-over", 0.97, 0.5);
        string[] legend = await Legend(page);
        string date = legend[0].Split('|')[1];
        Assert.That(date, Does.StartWith("1960-"));
        TimeSeries all = TestData.AirPassengers();
        int at = Array.FindIndex([.. all.Dates!], each => each.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) == date);
        Assert.That(legend, Has.Some.EqualTo($"passengers (held out)|{all[at].ToString(CultureInfo.InvariantCulture)}"));
        Assert.That(legend, Has.Some.Match(@"^80 % interval\|[0-9.]+ – [0-9.]+$"));
    }

    [Test]
    public async Task Dragging_buttons_and_keys_zoom()
    {
        (IPage page, _) = await OpenAsync("chart", 1440, dark: false);
        await using IPage closing = page;
        string closeUp = await Picture(page);
        await page.ClickAsync(".tools button[aria-label='Show everything']");
        await Task.Delay(100);
        string everything = await Picture(page);
        Assert.That(everything, Is.Not.EqualTo(closeUp));
        Assert.That(await Pressed(page), Is.EqualTo(new[] { "All" }));

        await Point(page, ".plot .u-over", 0.2, 0.5);
        await page.Mouse.DownAsync();
        await Point(page, ".plot .u-over", 0.4, 0.5);
        await page.Mouse.UpAsync();
        await Task.Delay(100);
        Assert.That(await Picture(page), Is.Not.EqualTo(everything));
        Assert.That(await Pressed(page), Is.Empty);

        await page.FocusAsync(".plot");
        await page.Keyboard.PressAsync("Escape");
        await Task.Delay(100);
        Assert.That(await Pressed(page), Is.EqualTo(new[] { "Close up" }));
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Task.Delay(100);
        Assert.That((await Legend(page))[0], Is.EqualTo("date|1960-11-01"));
        Assert.That(await page.EvaluateExpressionAsync<string>("document.querySelector('[aria-live]').textContent"),
            Does.StartWith("1960-11-01, ").And.Contain("passengers (held out) 390"));
    }

    [Test]
    public async Task A_name_in_the_legend_hides_its_line()
    {
        (IPage page, _) = await OpenAsync("chart", 1440, dark: false);
        await using IPage closing = page;
        string before = await Picture(page);
        await page.FocusAsync(".k-baseline th");
        await page.Keyboard.PressAsync("Enter");
        await Task.Delay(100);
        Assert.That(await Picture(page), Is.Not.EqualTo(before));
    }

    [TestCase(360)]
    [TestCase(1440)]
    public async Task Gates_are_drawn_from_0_to_1_and_say_their_values(int width)
    {
        (IPage page, _) = await OpenAsync("trace", width, dark: false);
        await using IPage closing = page;
        NDArray forget = Model().Trace(Input())["lstm"]["forget"];

        // The curve: the mean over the units at the step under the pointer.
        await Point(page, ".plot .u-over", 0.999, 0.5);
        string[] legend = await Legend(page);
        double mean = Enumerable.Range(0, 4).Average(unit => (double)forget[0, 59, unit]);
        Assert.That(legend[0], Is.EqualTo("step|60"));
        string told = legend.Single(line => line.StartsWith("forget|", StringComparison.Ordinal))[7..];
        Assert.That(double.Parse(told, CultureInfo.InvariantCulture), Is.EqualTo(mean).Within(1e-4));

        // The map: one unit at one step.
        await page.EvaluateExpressionAsync("document.querySelectorAll('.map')[1].scrollIntoView({ block: 'center' })");
        await Point(page, "figure.heat:nth-of-type(4) .map", 0.001, 0.999);
        string output = await page.EvaluateExpressionAsync<string>("document.querySelectorAll('figure.heat output')[1].value");
        Assert.That(output, Does.StartWith("unit 4, step 1: "));
        Assert.That(double.Parse(output.Split(": ")[1], CultureInfo.InvariantCulture), Is.EqualTo(forget[0, 0, 3]).Within(0.008));

        // Marks of the axis from 0 to 1 stand on the first canvas; the limits are in the page.
        Assert.That(await page.EvaluateExpressionAsync<string>(
            "(figure => figure.dataset.low + ' ' + figure.dataset.high)(document.querySelector('figure.chart'))"),
            Is.EqualTo("0 1"));
    }

    [Test]
    public async Task Paper_is_white_has_the_charts_and_none_of_the_buttons()
    {
        (IPage page, _) = await OpenAsync("report", 1440, dark: true);
        await using IPage closing = page;
        byte[] pdf = await page.PdfDataAsync(new PdfOptions { Format = PaperFormat.A4, PrintBackground = true });
        Assert.That(pdf, Has.Length.GreaterThan(40_000));
        await page.EmulateMediaTypeAsync(MediaType.Print);
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await page.EvaluateExpressionAsync<string>("getComputedStyle(document.body).backgroundColor"),
                Is.EqualTo("rgb(255, 255, 255)"));
            Assert.That(await page.EvaluateExpressionAsync<string>("getComputedStyle(document.querySelector('.tools')).display"),
                Is.EqualTo("none"));
        });
    }

    private const string Ink = """
        [...document.querySelectorAll("figure.chart")].map(figure => {
          const canvas = figure.querySelector(".plot canvas");
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          let inked = 0;
          for (let i = 3; i < data.length; i += 4) { inked += data[i] > 200 ? 1 : 0; }
          return inked / (data.length / 4);
        })
        """;

    private Task<(IPage Page, List<string> Wrong)> OpenAsync(string kind, int width, bool dark) =>
        Chromium.OpenAsync(browser, pages[kind], width, width < 500 ? 740 : 900, dark);

    private static async Task Point(IPage page, string selector, double x, double y)
    {
        double[] box = await page.EvaluateFunctionAsync<double[]>(
            "selector => { const box = document.querySelector(selector).getBoundingClientRect(); "
                + "return [box.left, box.top, box.width, box.height]; }",
            selector);
        await page.Mouse.MoveAsync((decimal)(box[0] + (x * box[2])), (decimal)(box[1] + (y * box[3])));
        await Task.Delay(100);
    }

    private static Task<string[]> Legend(IPage page) => page.EvaluateExpressionAsync<string[]>(
        "[...document.querySelectorAll('figure.chart .legend')[0].querySelectorAll('.u-series')].map(row => "
            + "row.querySelector('.u-label').textContent + '|' + row.querySelector('.u-value').textContent)");

    private static Task<string> Picture(IPage page) =>
        page.EvaluateExpressionAsync<string>("document.querySelector('.plot canvas').toDataURL()");

    private static Task<string[]> Pressed(IPage page) => page.EvaluateExpressionAsync<string[]>(
        "[...document.querySelectorAll('figure.chart .tools button[aria-pressed=true]')].map(button => button.textContent)");

    private static float[,,] Input()
    {
        var x = new float[2, 60, 1];
        for (int t = 0; t < 60; t++)
        {
            x[0, t, 0] = (float)Math.Sin(0.3 * t);
        }

        return x;
    }

    private static Sequential Model()
    {
        var model = new Sequential([new LSTM(4, inputShape: (60, 1)), new Dense(1)]);
        model.Compile("sgd", "mse");
        return model;
    }

    private static string ChartPage()
    {
        (TimeSeries training, TimeSeries heldOut) = TestData.AirPassengers().HoldOut(24);
        var growth = new SeasonalNaiveWithGrowth(12, new LogTransform());
        double[] forecast = growth.Forecast(training.Values, 24);
        return new ForecastChart("Passengers", "thousands").AddHistory(training).AddTruth(heldOut)
            .AddForecast(training.Continue("LSTM", forecast))
            .AddBaseline(training.Continue("Naive", new NaiveForecast().Forecast(training.Values, 24)))
            .AddInterval("80 % interval", training.Continue("low", [.. forecast.Select(f => f * 0.9)]),
                training.Continue("high", [.. forecast.Select(f => f * 1.1)]))
            .ToHtml();
    }
}
