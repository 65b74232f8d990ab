using System.Globalization;
using System.Text.Json;

namespace Recurrent.Cli.Tests;

/// <summary>Files with several faults at once, irregular dates, budgets, and options of a method's training.</summary>
[TestFixture]
public sealed class MendingOptionTests
{
    [TestCase("2024-01-01,2024-01-03,2024-01-02,2024-01-04,2024-01-05", "--sort")]
    [TestCase("2024-01-01,2024-01-02,2024-01-02,2024-01-03,2024-01-04", "--duplicates First")]
    [TestCase("2024-01-01,2024-01-02,2024-01-03,2024-01-05,2024-01-06", "--gaps Missing")]
    [TestCase("2024-01-02,2024-01-01,2024-01-03,2024-01-06,2024-01-04,2024-01-04", "--sort --duplicates First --gaps Missing")]
    public void All_that_a_file_needs_is_told_at_once_and_helps(string dates, string options)
    {
        string path = Write("faults.csv", "date,x\n" + string.Concat(dates.Split(',').Select((date, i) => $"{date},{i}\n")));
        (int code, _, string error) = CommandTests.Run("predict", path, "-m", "naive");
        (int mended, _, string left) = CommandTests.Run(["predict", path, "-m", "naive", .. options.Split(' ')]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(error, Does.Contain("line ").And.Contain($"It can be read with {options}."));
            Assert.That(mended, Is.Zero, left);
        });
    }

    [Test]
    public void A_file_that_no_option_mends_is_told_as_it_is()
    {
        (int code, _, string error) = CommandTests.Run("inspect", Write("words.csv", "date,x\n2024-01-01,1\n2024-01-02,lots\n"));
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(error, Does.Contain("line 3").And.Contain("--missing").And.Not.Contain("It can be read with"));
            Assert.That(CommandTests.Run("inspect", Write("words.csv", "date,x\n2024-01-01,1\n2024-01-02,lots\n"), "--missing",
                "lots").Code, Is.Zero);
        });
    }

    [Test]
    public void Irregular_dates_come_to_a_grid()
    {
        // Values that are the hours since the first of January lie on a straight line, whenever they were read.
        DateTime start = new(2024, 1, 1);
        int[] minutes = [0, 50, 130, 170, 250, 290, 370, 420, 490, 530, 610, 650];
        string path = Write("irregular.csv", "date,x\n" + string.Concat(minutes.Select(minute => string.Create(
            CultureInfo.InvariantCulture, $"{start.AddMinutes(minute):yyyy-MM-dd HH:mm},{minute / 60.0}\n"))));
        (int code, _, string error) = CommandTests.Run("predict", path, "-m", "drift");
        JsonElement forecast = CommandTests.Json(
            "predict", path, "-m", "drift", "-n", "2", "--grid", "hourly", "--json").GetProperty("forecasts")[0];
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(error, Does.Contain("--grid hourly"));
            Assert.That(forecast.GetProperty("variables").GetProperty("x").GetProperty("forecast").EnumerateArray()
                .Select(point => point.GetDouble()), Is.EqualTo(new[] { 11.0, 12.0 }).Within(1e-9));
            Assert.That(CommandTests.Run("inspect", path, "--grid", "sometimes").Code, Is.EqualTo(2));
            Assert.That(CommandTests.Run("inspect", path, "--grid", "hourly", "--gaps", "Fill").Code, Is.EqualTo(2));
        });
    }

    [Test]
    public void A_network_is_trained_for_the_steps_asked_for_with_options_of_its_training()
    {
        string model = Path.Combine(Path.GetDirectoryName(Write("x", string.Empty))!, "short.json");
        (int code, _, string error) = CommandTests.Run("fit", CommandTests.Air, "-m", "nlinear", "-n", "5", "--set",
            "training.epochs=1", "training.seed=3", "--out", model);
        string saved = File.ReadAllText(model);
        (int wrong, _, string told) = CommandTests.Run("fit", CommandTests.Air, "-m", "nlinear", "--set", "training.epoch=1");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(saved.Replace(" ", string.Empty, StringComparison.Ordinal), Does.Contain("\"horizon\":5")
                .And.Contain("\"epochs\":1").And.Contain("\"seed\":3"));
            Assert.That(wrong, Is.EqualTo(2));
            Assert.That(told, Does.Contain("epoch").And.Contain("epochs"));
        });
    }

    [Test]
    public void A_budget_is_for_what_takes_one()
    {
        (int code, _, string error) = CommandTests.Run(
            "predict", CommandTests.Air, "-m", "lstm", "--seconds", "0.5", "--json");
        (int classical, _, string told) = CommandTests.Run("predict", CommandTests.Air, "-m", "theta", "--seconds", "5");
        (int compared, _, string both) = CommandTests.Run(
            "compare", CommandTests.Air, "--methods", "theta,naive", "--seconds", "5");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That((classical, compared), Is.EqualTo((2, 2)));
            Assert.That(told, Does.Contain("theta has none"));
            Assert.That(both, Does.Contain("none is compared"));
            Assert.That(CommandTests.Run("fit", CommandTests.Air, "--seconds", "0").Code, Is.EqualTo(2));
        });
    }

    private static string Write(string name, string text)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "mending");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
