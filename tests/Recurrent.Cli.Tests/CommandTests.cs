using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Recurrent.Cli.Tests;

/// <summary>The program, as its users run it.</summary>
[TestFixture]
public sealed class CommandTests
{
    internal static readonly string Air = Data("air_passengers");

    [Test]
    public void Inspect_says_what_a_file_holds()
    {
        (int code, string output, string error) = Run("inspect", Air);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(output, Does.Match("Values +144").And.Match("Frequency +monthly").And.Match("Season \\(steps\\) +12"));
            Assert.That(output, Does.Match("From +1949-01-01").And.Match("To +1960-12-01"));
            Assert.That(output, Does.Match("Greatest +622").And.Contain("█"));
        });
    }

    [Test]
    public void Inspect_as_JSON_is_for_programs()
    {
        JsonElement json = Json("inspect", Air, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("count").GetInt32(), Is.EqualTo(144));
            Assert.That(json.GetProperty("missing").GetInt32(), Is.Zero);
            Assert.That(json.GetProperty("season").GetInt32(), Is.EqualTo(12));
            Assert.That(json.GetProperty("greatest").GetDouble(), Is.EqualTo(622));
            Assert.That(json.GetProperty("trend_strength").GetDouble(), Is.InRange(0.9, 1));
        });
    }

    [Test]
    public void A_fitted_method_forecasts_the_same_from_its_file_and_takes_in_what_comes()
    {
        string all = File.ReadAllText(Air);
        string known = Write("known.csv", string.Join('\n', all.Split('\n')[..121]));
        string model = Out("model.json");
        Assert.That(Run("fit", known, "--method", "snaive", "--out", model).Code, Is.Zero);
        double[] fromFile = Points(Json("predict", known, "--model", model, "--horizon", "3", "--json"));
        Assert.That(fromFile, Is.EqualTo(new double[] { 340, 318, 362 }), "the first months of 1958 again");
        Assert.That(Points(Json("predict", Air, "--model", model, "--horizon", "3", "--json")),
            Is.EqualTo(new double[] { 417, 391, 419 }), "those of 1960");
    }

    [Test]
    public void A_forecast_is_written_as_CSV_and_as_a_page()
    {
        (string csv, string page) = (Out("forecast.csv"), Out("forecast.html"));
        (int code, string output, string error) =
            Run("predict", Air, "-m", "snaive", "-n", "12", "--out", csv, "--report", page);
        string[] lines = File.ReadAllLines(csv);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(lines[0], Is.EqualTo("series,variable,step,forecast,low_80,high_80,low_95,high_95"));
            Assert.That(lines, Has.Length.EqualTo(13));
            Assert.That(lines[1], Does.StartWith("passengers,passengers,1961-01-01,417,"));
            Assert.That(output, Does.Contain("1961-12-01"));
            Assert.That(File.ReadAllText(page), Does.Contain("Forecast of passengers").And.Contain("data-name=\"80 %\""));
        });
    }

    [Test]
    public void A_backtest_scores_the_method_beside_simple_ones_and_says_who_wins()
    {
        string page = Out("backtest.html");
        JsonElement json = Json("backtest", Air, "--method", "auto-arima", "--horizon", "12", "--origins", "3", "--report", page,
            "--json");
        Dictionary<string, double> mase = json.GetProperty("scores").EnumerateArray()
            .ToDictionary(row => row.GetProperty("method").GetString()!, row => row.GetProperty("mase").GetDouble());
        Assert.Multiple(() =>
        {
            Assert.That(mase["ARIMA"], Is.LessThan(mase["Seasonal naive"]));
            Assert.That(json.GetProperty("verdicts")[0].GetString(), Does.StartWith("ARIMA beats the simple method"));
            Assert.That(File.ReadAllText(page), Does.Contain("ARIMA beats the simple method"));
        });
    }

    [Test]
    public void Compare_takes_the_methods_that_are_named()
    {
        (int code, string output, string error) =
            Run("compare", Air, "--methods", "snaive,arima", "--horizon", "6", "--origins", "2");
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Match("Seasonal naive +[0-9.]+").And.Match("ARIMA +[0-9.]+").And.Contain("beat"));
    }

    [Test]
    public void A_SQLite_database_is_read_by_table_and_by_query()
    {
        string path = Out("series.sqlite");
        File.Delete(path);
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE sales (day TEXT, shop TEXT, sold REAL);"
                + string.Concat(Enumerable.Range(1, 28).Select(day => string.Create(CultureInfo.InvariantCulture,
                    $"INSERT INTO sales VALUES ('2024-02-{day:00}', 'north', {day + 0.5}), ")
                    + string.Create(CultureInfo.InvariantCulture, $"('2024-02-{day:00}', 'south', {day + 100.5});")));
            command.ExecuteNonQuery();
        }

        JsonElement json = Json(
            "inspect", path, "--sql", "SELECT day, sold FROM sales WHERE shop = 'south' ORDER BY day", "--json");
        Assert.That(json.GetProperty("least").GetDouble(), Is.EqualTo(101.5));
        Assert.That(json.GetProperty("frequency").GetString(), Is.EqualTo("daily"));
        Assert.That(Run("inspect", path, "--table", "sale").Error, Does.Contain("no table 'sale'").And.Contain("sales"));
        Assert.That(Run("inspect", path, "--sql", "SELECT nothing").Code, Is.EqualTo(1));
        Assert.That(Run("inspect", Air, "--table", "x").Code, Is.EqualTo(2));
    }

    [TestCase(2, "Did you mean 'snaive'?", "predict", "AIR", "--method", "snaiv")]
    [TestCase(2, "--horizon must be at least 1, but is 0", "predict", "AIR", "--horizon", "0")]
    [TestCase(2, "'many'", "predict", "AIR", "--horizon", "many")]
    [TestCase(2, "predct", "predct", "AIR")]
    [TestCase(2, "--set needs NAME=VALUE", "fit", "AIR", "--method", "snaive", "--set", "season")]
    [TestCase(2, "season", "fit", "AIR", "--method", "snaive", "--set", "saison=4")]
    [TestCase(1, "no file 'nothing.csv'", "inspect", "nothing.csv")]
    [TestCase(1, "passengers", "inspect", "AIR", "--column", "passenger")]
    [TestCase(1, "model", "predict", "AIR", "--model", "AIR")]
    public void Mistakes_are_told_in_words_and_by_the_exit_code(int code, string message, params string[] args)
    {
        (int actual, string output, string error) = Run([.. args.Select(arg => arg == "AIR" ? Air : arg)]);
        Assert.Multiple(() =>
        {
            Assert.That(actual, Is.EqualTo(code), error);
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Contain(message));
            Assert.That(error, Does.Not.Contain("   at ").And.Not.Contain("Exception"), "no stack trace");
            Assert.That(error.Contains("--help", StringComparison.Ordinal), Is.EqualTo(code == 2));
        });
    }

    [Test]
    public void Options_of_the_library_in_a_message_are_said_by_the_names_they_have_here()
    {
        string path = Write("asked.csv", "date,x\n1/2/2024,3\n2/2/2024,4\n3/2/2024,5\n");
        (int code, _, string error) = Run("inspect", path);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("On the command line DayFirst is --day-first, DateFormat is --date-format."));
        Assert.That(Run("inspect", path, "--day-first").Code, Is.Zero);
    }

    [Test]
    public void Stopping_writes_nothing()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string model = Out("stopped.json");
        File.Delete(model);
        Assert.That(App.Run(["fit", Air, "--method", "snaive", "--out", model], output, error, new CancellationToken(true)),
            Is.EqualTo(1));
        Assert.That(error.ToString(), Does.Contain("Stopped"));
        Assert.That(File.Exists(model), Is.False);
    }

    [Test]
    public void A_file_of_many_series_is_read_whole_or_one_by_one()
    {
        IEnumerable<string> rows =
            from shop in new[] { "north", "south" }
            from day in Enumerable.Range(1, 28)
            let sold = (day % 7) + (shop == "north" ? 1 : 100)
            select FormattableString.Invariant($"2024-02-{day:00},{shop},{sold}\n");
        string path = Write("shops.csv", "date,shop,sold\n" + string.Concat(rows));
        JsonElement all = Json("inspect", path, "--panel", "--json");
        Assert.That(all.GetProperty("series").GetArrayLength(), Is.EqualTo(2));
        JsonElement forecasts = Json("predict", path, "--panel", "-m", "snaive", "-n", "3", "--json").GetProperty("forecasts");
        Assert.That(forecasts.EnumerateArray().Select(one => one.GetProperty("series").GetString()),
            Is.EquivalentTo(new[] { "north", "south" }));
        Assert.That(Json("inspect", path, "--series", "south", "--json").GetProperty("least").GetDouble(), Is.EqualTo(100));
        Assert.That(Run("compare", path, "--panel", "--methods", "snaive,naive", "-n", "3", "--origins", "2").Output,
            Does.Contain("Seasonal naive"));
        string model = Out("shops.json");
        Assert.That(Run("fit", path, "--panel", "-m", "snaive", "-o", model).Code, Is.Zero);
        Assert.That(Run("predict", path, "--panel", "--model", model, "-n", "2").Code, Is.Zero);
        Assert.That(Run("detect", path, "--panel").Code, Is.EqualTo(2));
    }

    [TestCase("snaive")]
    [TestCase("autoencoder")]
    public void Detect_finds_what_was_changed(string scorer)
    {
        string[] lines = File.ReadAllLines(Data("co2"));
        lines[400] = $"{lines[400].Split(',')[0]},420";
        string changed = Write("changed.csv", string.Join('\n', lines));
        string page = Out("anomalies.html");
        JsonElement json = Json("detect", changed, "--scorer", scorer, "--report", page, "--json");
        Assert.That(json.GetProperty("anomalies").EnumerateArray().Any(one => one.GetProperty("start").GetInt32() is int start
            && start <= 399 && 399 < start + one.GetProperty("length").GetInt32()));
        Assert.That(File.ReadAllText(page), Does.Contain("What is unusual"));
        Assert.That(Run("detect", changed, "--scorer", "snaive").Output, Does.Contain("unusual stretches of 468 steps"));
        Assert.That(Run("detect", changed, "--risk", "1").Code, Is.EqualTo(2));
    }

    [Test]
    public void Help_names_every_command()
    {
        (int code, string output, _) = Run("--help");
        Assert.That(code, Is.Zero);
        foreach (string command in new[] { "inspect", "fit", "predict", "backtest", "compare", "detect", "convert" })
        {
            Assert.That(output, Does.Contain($"  {command} "));
            Assert.That(Run(command, "--help").Output, Does.Contain("--json"));
        }
    }

    internal static string Data(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "data", $"{name}.csv");

    internal static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = App.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    internal static JsonElement Json(params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static double[] Points(JsonElement json) => [.. json.GetProperty("forecasts")[0].GetProperty("variables")
        .GetProperty("passengers").GetProperty("forecast").EnumerateArray().Select(value => value.GetDouble())];

    private static string Out(string name)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "cli");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }

    private static string Write(string name, string text)
    {
        string path = Out(name);
        File.WriteAllText(path, text);
        return path;
    }
}
