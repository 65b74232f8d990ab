using System.Text.Json;

namespace Recurrent.Cli.Tests;

/// <summary>What the program takes care of: the user's files, options by their names here, series that are bad.</summary>
[TestFixture]
public sealed class CareTests
{
    private const string TwoOfThree = "id,date,x\na,2024-01-01,1\na,2024-01-02,2\na,2024-01-03,3\na,2024-01-04,5\n"
        + "bad,2024-01-01,1\nbad,2024-01-02,oops\nempty,2024-01-01,\nempty,2024-01-02,\n"
        + "c,2024-01-01,5\nc,2024-01-02,6\nc,2024-01-03,7\nc,2024-01-04,9\n";

    [TestCase("predict", "--out")]
    [TestCase("predict", "--report")]
    [TestCase("fit", "--out")]
    [TestCase("backtest", "--report")]
    [TestCase("compare", "--report")]
    [TestCase("detect", "--out")]
    public void Nothing_is_written_over_what_is_read(string command, string option)
    {
        string data = Write("data.csv", File.ReadAllText(CommandTests.Air));
        string before = File.ReadAllText(data);
        string again = Path.Combine(Path.GetDirectoryName(data)!, ".", "data.csv");
        (int code, _, string error) = CommandTests.Run(command, data, option, again);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain($"{option} is '{again}', which is read"));
            Assert.That(File.ReadAllText(data), Is.EqualTo(before));
        });
    }

    [Test]
    public void A_file_that_cannot_be_made_is_told_before_the_work()
    {
        string folder = Path.GetDirectoryName(Write("x", string.Empty))!;
        (int folders, _, string told) = CommandTests.Run("predict", "none.csv", "--out", folder);
        (int missing, _, string error) = CommandTests.Run("fit", "none.csv", "--report", Path.Combine(folder, "no", "r.html"));
        (int same, _, string both) = CommandTests.Run("predict", "none.csv", "-o", "a.csv", "--report", "a.csv");
        Assert.Multiple(() =>
        {
            Assert.That((folders, missing, same), Is.EqualTo((1, 1, 2)), "none.csv is not there, and not missed");
            Assert.That(told, Does.Contain("--out is").And.Contain("a folder"));
            Assert.That(error, Does.Contain("--report is").And.Contain("does not exist. Create it first."));
            Assert.That(both, Does.Contain("--report and --out are both 'a.csv'"));
        });
    }

    [Test]
    public void A_bad_series_is_named_and_the_others_go_on_where_asked()
    {
        string data = Write("panel.csv", TwoOfThree);
        (int code, _, string error) = CommandTests.Run("predict", data, "--panel", "-m", "naive", "-n", "1");
        JsonElement json = CommandTests.Json("predict", data, "--panel", "--leave-out", "-m", "naive", "-n", "1", "--json");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(error, Does.Contain("line 7").And.Contain("(in series 'bad')"));
            Assert.That(json.GetProperty("forecasts").EnumerateArray().Select(one => one.GetProperty("series").GetString()),
                Is.EqualTo(new[] { "a", "c" }));
            Assert.That(json.GetProperty("notes").EnumerateArray().Select(one => one.GetString()),
                Has.Some.Contains("'bad' is left out").And.Some.Contains("'empty' is left out"));
        });
    }

    [TestCase("--horizon needs a whole number, but is 'abc'.", "predict", "x.csv", "-n", "abc")]
    [TestCase("--gaps needs one of Accept, Fill, Missing, Refuse, but is 'foo'.", "inspect", "x.csv", "--gaps", "foo")]
    [TestCase("--decimal is 'comma'. Say . or ,", "inspect", "x.csv", "--decimal", "comma")]
    [TestCase("--separator is 'abc'. Say one character, tab or space.", "inspect", "x.csv", "--separator", "abc")]
    [TestCase("--encoding is 'klingon'", "inspect", "x.csv", "--encoding", "klingon")]
    [TestCase("--time-zone is 'Mars'", "inspect", "x.csv", "--time-zone", "Mars")]
    public void Wrong_options_are_told_in_plain_words(string told, params string[] args)
    {
        (int code, string output, string error) = CommandTests.Run(args);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(error, Does.Contain(told).And.Not.Contain("System."));
            Assert.That(output, Is.Empty);
        });
    }

    [Test]
    public void Options_that_say_how_to_read()
    {
        string sentinels = Write("sentinels.tsv", "date\tx\n2024-01-01\t1\n2024-01-02\t-999\n2024-01-03\t3\n");
        string clocks = Write("clocks.csv", "t,x\n2024-03-31 01:00,2\n2024-03-31 03:00,3\n2024-03-31 04:00,4\n");
        string gaps = Write("gaps.csv", "t,x\n2024-03-01,2\n2024-03-02,3\n2024-03-03,3\n2024-03-06,4\n");
        (int code, _, string error) = CommandTests.Run("inspect", gaps);
        Assert.Multiple(() =>
        {
            Assert.That(CommandTests.Json("inspect", sentinels, "--missing", "-999", "--separator", "tab", "--json")
                .GetProperty("missing").GetInt32(), Is.EqualTo(1));
            Assert.That(CommandTests.Json("inspect", clocks, "--time-zone", "Europe/Berlin", "--json")
                .GetProperty("frequency").GetString(), Is.EqualTo("hourly"));
            Assert.That(code, Is.EqualTo(1));
            Assert.That(error, Does.Contain("On the command line DateGaps is --gaps."));
        });
    }

    [Test]
    public void A_page_judges_by_origins_that_leave_half_of_the_series_to_fit_to()
    {
        string page = Path.Combine(Path.GetDirectoryName(Write("x", string.Empty))!, "half.html");
        (int code, _, string error) = CommandTests.Run("predict", CommandTests.Air, "-m", "ets", "-n", "24", "--report", page);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(File.ReadAllText(page), Does.Not.Contain("The simple method is the one to use")
                .And.Contain("beats the simple method"));
        });
    }

    [TestCase("sheet.xlsx", "a spreadsheet (.xlsx, .ods)")]
    [TestCase("archive.csv", "a spreadsheet (.xlsx, .ods) or another ZIP archive")]
    public void A_spreadsheet_is_called_one(string name, string what)
    {
        string path = Write(name, "PK\u0003\u0004and more");
        (int code, _, string error) = CommandTests.Run("inspect", path);
        Assert.That((code, error), Is.EqualTo((1, error)).And.Matches<(int, string)>(one =>
            one.Item2.Contains(name, StringComparison.Ordinal) && one.Item2.Contains(what, StringComparison.Ordinal)));
    }

    [Test]
    public void A_fit_that_is_stopped_writes_nothing()
    {
        string model = Path.Combine(Path.GetDirectoryName(Write("x", string.Empty))!, $"{Guid.NewGuid()}.json");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var error = new StringWriter();
        int code = App.Run(["fit", CommandTests.Air, "-m", "ets", "-o", model], TextWriter.Null, error, stop.Token);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(error.ToString(), Does.Contain("Stopped. Nothing was written."));
            Assert.That(File.Exists(model), Is.False);
        });
    }

    private static string Write(string name, string text)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "care");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
