using Recurrent.Examples.Forecasting;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Examples;

/// <summary>The forecasting example, as its users run it but for the number of epochs.</summary>
[TestFixture]
public sealed class ForecastingExampleTests
{
    [Test]
    public void It_trains_compares_saves_and_draws()
    {
        string folder = Folder("default");
        (int code, string output, string error) = Run("--epochs", "3", "--seeds", "2", "--units", "4", "--out", folder);
        Assert.Multiple(() =>
        {
            Assert.That(error, Is.Empty);
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("passengers: 120 values, 1949-01-01 to 1958-12-01; then 24 values held out"));
            Assert.That(output, Does.Match(@"LSTM \(median of 2 seeds\) +[0-9.]+ +[0-9.]+ % +[0-9.]+"));
            Assert.That(output, Does.Match("\nNaive +137.3 +27.75 % +4.033"));
            Assert.That(output, Does.Match("\nSeasonal naive +76.99 +17.01 % +2.494"));
            Assert.That(output, Does.Match("\nSeasonal naive \\+ growth +17.02 +2.96 % +0.465"));
            Assert.That(output, Does.Contain("Median of single seeds: "));
            Assert.That(output, Does.Contain("On these 24 steps Seasonal naive + growth wins"));
            Assert.That(output, Does.Contain("loaded again, its forecasts differ by at most 0" + Environment.NewLine));
            Assert.That(File.ReadAllText(Path.Combine(folder, "forecast.html")),
                Does.Contain("LSTM (median of 2 seeds)").And.Contain("0.465"));
            Assert.That(Forecaster.Load(Path.Combine(folder, "model.json")).Predict(24).Dates![0],
                Is.EqualTo(new DateTime(1959, 1, 1)));
        });
    }

    [TestCase("--model", "gru", "--data", "uk_gas", "--lookback", "6")]
    [TestCase("--model", "simplernn", "--data", "lynx")]
    [TestCase("--model=lstm", "--data=co2", "--transform=none", "--season=12", "--horizon=12")]
    [TestCase("--data", "sunspots_monthly", "--lookback", "12", "--horizon", "6")]
    public void Other_models_and_series(params string[] args)
    {
        (int code, string output, string error) =
            Run([.. args, "--epochs=1", "--seeds=1", "--units=3", "--out", Folder(string.Concat(args[1].Split('/', '\\')))]);
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("differ by at most 0"));
    }

    [Test]
    public void The_same_seed_says_the_same()
    {
        string[] args = ["--epochs", "2", "--seeds", "1", "--seed", "7", "--units", "3", "--out", Folder("seed")];
        string first = Run(args).Output;
        Assert.That(Run(args).Output, Is.EqualTo(first));
    }

    // The example's own claim, held to with the settings its users run it with.
    [Test]
    [Category("Slow")]
    public void The_median_of_five_seeds_beats_a_seasonal_naive_forecast_clearly()
    {
        string output = Run("--out", Folder("five")).Output;
        string median = output.Split("Median of single seeds: ")[1].Split('\n')[0];
        Assert.That(double.Parse(median, System.Globalization.CultureInfo.InvariantCulture), Is.InRange(0, 0.9));
    }

    [TestCase("There is no option '--epoch'. Did you mean '--epochs'?", "--epoch", "3")]
    [TestCase("--units must be a whole number of at least 1, but is 'many'.", "--units", "many")]
    [TestCase("--model must be lstm or gru or simplernn, but is 'ltsm'. Did you mean 'lstm'?", "--model", "ltsm")]
    [TestCase("--data needs a value.", "--data")]
    [TestCase("'12' stands alone.", "12")]
    [TestCase("There is no file 'air_pasengers', and no such series comes with the program. Did you mean 'air_passengers'?",
        "--data", "air_pasengers")]
    [TestCase("air_passengers.csv has no column 'passenger'. Did you mean 'passengers'?", "--column", "passenger")]
    [TestCase("need at least 255. Choose a smaller --horizon", "--horizon", "100")]
    [TestCase("--transform log needs values above 0, but the least one is 0. Use --transform sqrt.", "--data", "sunspots_monthly",
        "--transform", "log")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Contain(message).And.Contain("--help"));
        });
    }

    [Test]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Assert.That(Run("--units", "0", "--epoch", "2", "--seed", "x").Error.Split('\n'), Has.Length.GreaterThanOrEqualTo(4));

    [Test]
    public void Help_names_every_option() =>
    Assert.That(Run("--help"), Is.EqualTo((0, ForecastingOptions.Help + Environment.NewLine, string.Empty)));

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = ForecastingApp.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static string Folder(string name) =>
        Path.Combine(TestContext.CurrentContext.WorkDirectory, "forecasting-example", name);
}
