using System.Globalization;
using System.Text;
using System.Text.Json;
using Recurrent.Data;
using Recurrent.Parquet;

namespace Recurrent.Cli.Tests;

/// <summary>Columns that are known ahead, files of other kinds, and what stands on the page of a forecast.</summary>
[TestFixture]
public sealed class CovariateTests
{
    [Test]
    public void Rows_behind_the_last_value_are_known_ahead()
    {
        // Sales are twice the price, with an error too small to matter.
        string path = PricedSales(known: 90, ahead: 6);
        JsonElement json = CommandTests.Json("predict", path, "-c", "sales", "--future", "price", "-m", "lstm", "--set",
            "lookback=4", "horizon=6", "--json");
        double[] points = Points(json);
        Assert.That(points, Has.Length.EqualTo(6), "as many as there are rows");
        string wrong = PricedSales(known: 90, ahead: 3);
        (int code, _, string error) = CommandTests.Run("predict", wrong, "-c", "sales", "--future", "price", "-m", "lstm", "-n",
            "6", "--set", "lookback=4", "horizon=6");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(error, Does.Contain("6 steps are asked for, but its covariates are known for 3 of them"));
        });
    }

    [Test]
    public void What_goes_with_a_forecast_needs_to_be_told_from_it()
    {
        (int code, _, string error) = CommandTests.Run("fit", PricedSales(90, 6), "--future", "price");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain("price go with what is forecast: say with --column which column that is."));
        });
    }

    [Test]
    public void A_fitted_method_has_its_own_options()
    {
        string model = Path.Combine(Folder, "own.json");
        string air = CommandTests.Air;
        Assert.That(CommandTests.Run("fit", air, "-m", "snaive", "-o", model).Code, Is.Zero);
        (int code, _, string error) = CommandTests.Run("predict", air, "--model", model, "--method", "ets");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.StartWith("--model is a method that is fitted already"));
        });
    }

    [Test]
    public async Task A_Parquet_file_is_read_as_a_CSV_file_is()
    {
        string path = Path.Combine(Folder, "air.parquet");
        await ParquetSeries.WriteAsync(path, TimeSeries.FromCsv(CommandTests.Air));
        JsonElement json = CommandTests.Json("inspect", path, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("count").GetInt32(), Is.EqualTo(144));
            Assert.That(json.GetProperty("frequency").GetString(), Is.EqualTo("monthly"));
        });
    }

    [Test]
    public void The_page_of_a_fit_shows_simple_methods_their_past_and_the_training()
    {
        (string model, string page) = (Path.Combine(Folder, "lstm.json"), Path.Combine(Folder, "lstm.html"));
        (int code, _, string error) = CommandTests.Run("fit", CommandTests.Air, "-m", "lstm", "--set", "lookback=12", "units=4",
            "-o", model, "-n", "12", "--report", page);
        Assert.That(code, Is.Zero, error);
        string html = File.ReadAllText(page);
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Contain("Seasonal naive").IgnoreCase);
            Assert.That(html, Does.Contain("Drift").IgnoreCase, "in the table of scores");
            Assert.That(html, Does.Contain("val_loss"), "the curve of the training");
        });
    }

    [Test]
    public void A_saved_detector_goes_on_in_newer_steps()
    {
        string[] lines = File.ReadAllLines(CommandTests.Air);
        string older = Path.Combine(Folder, "older.csv");
        File.WriteAllLines(older, lines[..121]);
        string newer = Path.Combine(Folder, "newer.csv");
        string[] changed = [lines[0], .. lines[121..]];
        changed[5] = string.Join(',', [changed[5].Split(',')[0], "900"]);
        File.WriteAllLines(newer, changed);
        string detector = Path.Combine(Folder, "detector.json");
        Assert.That(CommandTests.Run("detect", older, "--scorer", "ets", "--out", detector).Code, Is.Zero);
        JsonElement json = CommandTests.Json("detect", newer, "--model", detector, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("anomalies")[0].GetProperty("value").GetDouble(), Is.EqualTo(900));
            Assert.That(CommandTests.Run("detect", newer, "--model", detector, "--risk", "0.01").Code, Is.EqualTo(2));
        });
    }

    private static string Folder { get; } = Directory.CreateTempSubdirectory("recurrent").FullName;

    private static double[] Points(JsonElement json) => [.. json.GetProperty("forecasts")[0].GetProperty("variables")
        .GetProperty("sales").GetProperty("forecast").EnumerateArray().Select(number => number.GetDouble())];

    private static string PricedSales(int known, int ahead)
    {
        var text = new StringBuilder("date,sales,price\n");
        for (int t = 0; t < known + ahead; t++)
        {
            double price = 10 + (3 * Math.Sin(t * 1.7));
            string sales = t < known ? (2 * price).ToString("F3", CultureInfo.InvariantCulture) : string.Empty;
            text.Append(CultureInfo.InvariantCulture,
                $"{new DateTime(2024, 1, 1).AddDays(t):yyyy-MM-dd},{sales},{price:F3}\n");
        }

        string path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"sales-{known}-{ahead}.csv"));
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
