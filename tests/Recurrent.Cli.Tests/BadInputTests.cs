using System.Globalization;

namespace Recurrent.Cli.Tests;

/// <summary>Files as they should not be, through every command that reads them: words, the exit code, and nothing written over.
/// </summary>
[TestFixture]
public sealed class BadInputTests
{
    private const string Fix = "On the command line ";

    private static readonly Dictionary<string, string> Files = Contents();

    [TestCase("allmissing", "{f} has no column of numbers besides its dates. Its columns are date (dates), x (empty).")]
    [TestCase("header", "{f} is empty: it needs a header row with the names of its columns, and rows of values below it.")]
    [TestCase("nothing", "{f} is empty: it needs a header row with the names of its columns, and rows of values below it.")]
    [TestCase("infinite", "{f}, line 22, column 'x': 'inf' is not a finite number. Write numbers as 1234.5; or, if it says that "
        + "there is none, say Missing = [\"inf\"].|" + Fix + "Missing is --missing.")]
    [TestCase("beyond", "{f}, line 22, column 'x': '1e999' is not a finite number. Write numbers as 1234.5, without units, signs "
        + "of money or words.")]
    [TestCase("words", "{f}, line 22, column 'x': 'lots' is not a finite number. Write numbers as 1234.5; or, if it says that "
        + "there is none, say Missing = [\"lots\"].|" + Fix + "Missing is --missing.")]
    [TestCase("disorder", "{f}, line 12, column 'date': '2015-10-01' does not come after the date above it. Sort the rows oldest "
        + "first, one row for each date; or say Sort = true.|It can be read with --sort.|" + Fix + "Sort is --sort.")]
    [TestCase("reversed", "{f}, line 3, column 'date': '2019-11-01' does not come after the date above it: all rows stand newest "
        + "first. Sort the rows oldest first, one row for each date; or say Sort = true.|It can be read with --sort.|" + Fix
        + "Sort is --sort.")]
    [TestCase("repeated", "{f}, line 11, column 'date': '2015-09-01' does not come after the date above it: it is the same. Sort "
        + "the rows oldest first, one row for each date; or say Duplicates = DuplicateDates.First, Last or Mean.|It can be read "
        + "with --duplicates First.|" + Fix + "Duplicates is --duplicates.")]
    [TestCase("gap", "{f}, line 11, column 'date': '2015-12-01' comes after 2015-09-01, but the dates are 1 month apart: "
        + "2015-10-01 and 1 more are missing. Add the rows; or say gaps: DateGaps.Fill to put them in on a straight line, "
        + "DateGaps.Missing to put them in as missing, or gaps: DateGaps.Accept to take the values as equally spaced.|It can be "
        + "read with --gaps Missing.|" + Fix + "DateGaps is --gaps.")]
    [TestCase("decimals", "{f}, line 2: there are 3 cells, but the header has 2 columns (date, x). If numbers are written with "
        + "decimal commas or with commas between thousands, put them in quotes or separate the columns by semicolons.")]
    [TestCase("doubtful", "{f}, line 2, column 'x': '1,100' could be 1100 or 1.1, and nothing in the file says which. Say "
        + "DecimalMark, or write numbers with a decimal point and without separators between thousands.|" + Fix
        + "DecimalMark is --decimal.")]
    [TestCase("february", "{f}, line 11, column 'date': '2015-02-30' is not a date. Write dates as 2024-01-31, or 2024-01-31 "
        + "18:00:00 with a time.")]
    [TestCase("short", "{f}, line 11: there is 1 cell, but the header has 2 columns (date, x). Complete the row; or, if the line "
        + "is a comment or a footer, begin it with '# ' or remove it.")]
    [TestCase("twice", "{f} has two columns of the name 'x' (columns 2, 3). Rename them in its header row, so that each name "
        + "means one column.")]
    [TestCase("texts", "{f} has no column of numbers besides its dates. Its columns are date (dates), w (texts).")]
    public void What_is_wrong_with_a_file_is_told_by_every_command_and_nothing_is_written(string file, string told)
    {
        string path = PathOf(file);
        string expected = told.Replace("{f}", $"{file}.csv", StringComparison.Ordinal)
            .Replace("|", Environment.NewLine, StringComparison.Ordinal) + Environment.NewLine;
        string kept = Write("kept", "what was there");
        foreach (string[] command in new string[][]
        {
            ["inspect", path], ["fit", path, "-m", "ets", "--out", kept], ["predict", path, "-m", "lstm", "--out", kept],
            ["backtest", path, "--report", kept], ["compare", path, "--methods", "naive,ets"], ["detect", path, "--out", kept],
        })
        {
            (int code, string output, string error) = CommandTests.Run(command);
            Assert.Multiple(() =>
            {
                Assert.That((code, output, error), Is.EqualTo((1, string.Empty, expected)), command[0]);
                Assert.That(File.ReadAllText(kept), Is.EqualTo("what was there"), command[0]);
            });
        }
    }

    [TestCase("usual", 2, "There is no method", "predict", "{f}", "-m", "etss")]
    [TestCase("usual", 1, "{f} has no column 'y'. Did you mean 'x'? Its columns are date, x.", "predict", "{f}", "-c", "y")]
    [TestCase("usual", 1, "{f}, line 2, column 'x': '100' is not a date.", "predict", "{f}", "-d", "x")]
    [TestCase("usual", 1, "{f}, line 4, column 'x': '119.32' is not a number with a decimal comma, which DecimalMark = ',' "
        + "says.", "inspect", "{f}", "--decimal", ",")]
    [TestCase("usual", 2, "--decimal is ';'. Say . or ,", "inspect", "{f}", "--decimal", ";")]
    [TestCase("allmissing", 1, "Series 'x': all 60 values are missing.", "predict", "{f}", "-c", "x", "-m", "ets")]
    [TestCase("allmissing", 1, "Series 'x': all 60 values are missing.", "predict", "{f}", "-c", "x", "-m", "lstm")]
    [TestCase("allmissing", 1, "Series 'x' has no value of 'x': all 60 are missing.", "detect", "{f}", "-c", "x", "-s", "ets")]
    [TestCase("one", 1, "Series 'x' has 1 step, but a window of LSTM takes", "predict", "{f}", "-m", "lstm")]
    [TestCase("one", 1, "Series 'x' has 1 value: 5 origins 1 steps apart", "backtest", "{f}", "-m", "ets")]
    [TestCase("one", 1, "Series 'x' has 1 value: too few to learn from some", "detect", "{f}", "-s", "ets")]
    [TestCase("usual", 1, "A forecast has from 1 to 1000000 steps.", "predict", "{f}", "-m", "ets", "-n", "2000000")]
    [TestCase("negative", 1, "Series 'x': row 0 (2015-01-01) of variable 'x' is -100, the first of 60 such values. A logarithm "
        + "needs values above 0. Add an offset to all of them, or take transform \"sqrt\", \"box_cox\" or \"none\".\nOn the "
        + "command line transform is --set transform=sqrt.\n",
        "predict", "{f}", "-m", "auto-arima", "--set", "transform=log")]
    [TestCase("negative", 1, "Series 'x': row 0 (2015-01-01) of variable 'x' is -100, the first of 60 such values. The form MAM "
        + "multiplies, which needs values above 0. Add an offset to all of them, or take a form that adds: AAA.\nOn the command "
        + "line form is --set form=AAA.\n", "fit", "{f}", "-m", "ets", "--set", "form=MAM")]
    [TestCase("negative", 1, "Series 'x': row 0 (2015-01-01) of variable 'x' is -100, the first of 60 such values. The negative "
        + "binomial distribution is for counts: 0, 1, 2 and so on. Take the likelihood student-t, or correct the value.\nOn the "
        + "command line likelihood is --set likelihood=student-t.\n",
        "predict", "{f}", "-m", "deepar", "-n", "2", "--set", "likelihood=negative-binomial")]
    [TestCase("negative", 1, "Series 'x': row 0 (2015-01-01) of variable 'x' is -100, the first of 60 such values. Demand is not "
        + "negative. Correct the value, or take another method for this series.\n", "predict", "{f}", "-m", "croston")]
    [TestCase("covariates", 1, "Series 'covariates': 8 steps are asked for, but its covariates are known for 6 of them.",
        "predict", "{f}", "-c", "y", "--future", "price", "-m", "lstm", "-n", "8", "--set", "training.epochs=1000000")]
    [TestCase("behind", 1, "LSTM was fitted with the covariates price, which are known ahead: to forecast series 'behind' it "
        + "needs their next 4 values.", "predict", "{f}", "-c", "y", "--future", "price", "-m", "lstm", "-n", "4")]
    [TestCase("holes", 1, "Series 'holes': the covariate 'price' is missing at step 4 ahead. Give a value.", "predict", "{f}",
        "-c", "y", "--future", "price", "-m", "lstm")]
    [TestCase("panel", 1, "{f}, line 69, column 'x': 'oops' is not a finite number.", "predict", "{f}", "--panel", "-m", "ets")]
    public void What_cannot_be_done_is_told(string file, int code, string told, params string[] args)
    {
        string path = PathOf(file);
        (int actual, string output, string error) = CommandTests.Run([.. args.Select(arg => arg == "{f}" ? path : arg)]);
        Assert.Multiple(() =>
        {
            Assert.That((actual, output), Is.EqualTo((code, string.Empty)), error);
            Assert.That(error, Does.StartWith(told.Replace("{f}", $"{file}.csv", StringComparison.Ordinal)));
            Assert.That(error, Does.Not.Contain("   at ").And.Not.Contain("Exception"));
        });
    }

    [TestCase("ets")]
    [TestCase("nlinear")]
    public void A_model_of_other_data_is_refused_and_no_forecast_written(string method)
    {
        string model = Write("model.json", string.Empty);
        Assert.That(CommandTests.Run("fit", PathOf("usual"), "-m", method, "--out", model).Code, Is.Zero);
        string kept = Write("kept", "what was there");
        (string File, string Told)[] all =
        [
            ("daily", "Series 'x' was fitted at the frequency monthly, and what is given now is daily. Bring it to the same "
                + "frequency first."),
            ("later", "Series 'x' is known up to 2019-12-01, and what is to follow begins at 2022-01-01, which is not the next "
                + "step (monthly). Give the steps between too, missing ones as NaN."),
            ("dateless", "Series 'x' has 20 rows and no dates, and the model knows 60 steps of it. Without dates the rows are "
                + "taken as the series from its beginning: give all of them, or their dates."),
            ("covariates", " is not fitted to a series 'y'. Did you mean 'x'? It is fitted to 'x'."),
        ];
        foreach ((string file, string told) in all)
        {
            (int code, string output, string error) = CommandTests.Run(
                ["predict", PathOf(file), "--model", model, "--out", kept, .. file == "covariates" ? ["-c", "y"] : (string[])[]]);
            Assert.Multiple(() =>
            {
                Assert.That((code, output), Is.EqualTo((1, string.Empty)), file);
                Assert.That(error, Does.Contain(told));
                Assert.That(File.ReadAllText(kept), Is.EqualTo("what was there"));
            });
        }
    }

    [TestCase("usual", ".")]
    [TestCase("doubtful", ",")]
    public void The_decimal_sign_can_be_said(string file, string mark) =>
        Assert.That(CommandTests.Json("inspect", PathOf(file), "--decimal", mark, "--json").GetProperty("least").GetDouble(),
            Is.EqualTo(file == "usual" ? 89 : 1.1).Within(1e-9));

    [Test]
    public void A_query_whose_dates_are_at_fault_is_told_what_mends_it()
    {
        string path = Write("faults.sqlite", string.Empty);
        File.Delete(path);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE t (day TEXT, x REAL); INSERT INTO t VALUES ('2024-01-03', 3), ('2024-01-01', 1), "
                + "('2024-01-01', 1), ('2024-01-02', 2), ('2024-01-05', 5), ('2024-01-06', 5), ('2024-01-07', 5);";
            command.ExecuteNonQuery();
        }

        Assert.That(CommandTests.Run("inspect", path).Error, Does.Contain("row 2, column 'day'").And.Contain(
            "It can be read with --sort --duplicates First --gaps Missing."));
        Assert.That(CommandTests.Run("inspect", path, "--sort", "--duplicates", "First", "--gaps", "Missing").Code, Is.Zero);
    }

    private static Dictionary<string, string> Contents()
    {
        double[] u = [.. Enumerable.Range(0, 72).Select(t => Math.Round(100 + t + (20 * Math.Sin(t * Math.PI / 6)), 2))];
        string[] usual = Rows(u[..60]);
        string ahead = string.Concat(Enumerable.Range(0, 66).Select(t => t < 60 ? Line(Month(t), u[t], t % 5)
            : $"{Month(t)},,{t % 5}\n"));
        return new()
        {
            ["usual"] = Text(usual),
            ["allmissing"] = Text([.. Enumerable.Range(0, 60).Select(t => $"{Month(t)},\n")]),
            ["header"] = "date,x\n",
            ["nothing"] = string.Empty,
            ["one"] = Text(usual[..1]),
            ["infinite"] = Text([.. usual[..20], $"{Month(20)},inf\n", .. usual[21..]]),
            ["beyond"] = Text([.. usual[..20], $"{Month(20)},1e999\n", .. usual[21..]]),
            ["words"] = Text([.. usual[..20], $"{Month(20)},lots\n", .. usual[21..]]),
            ["disorder"] = Text([.. usual[..9], usual[10], usual[9], .. usual[11..]]),
            ["reversed"] = Text([.. usual.Reverse()]),
            ["repeated"] = Text([.. usual[..9], usual[8], .. usual[9..]]),
            ["gap"] = Text([.. usual[..9], .. usual[11..]]),
            ["decimals"] = Text([.. usual.Select((_, t) => $"{Month(t)},10{t % 10},5\n")]),
            ["doubtful"] = "date;x\n" + string.Concat(Enumerable.Range(0, 60).Select(t => $"{Month(t)};1,{100 + t}\n")),
            ["february"] = Text([.. usual[..9], "2015-02-30,5\n", .. usual[10..]]),
            ["short"] = Text([.. usual[..9], "2015-10-01\n", .. usual[10..]]),
            ["twice"] = "date,x,x\n" + string.Concat(Enumerable.Range(0, 20).Select(t => $"{Month(t)},1,2\n")),
            ["texts"] = "date,w\n" + string.Concat(Enumerable.Range(0, 20).Select(t => $"{Month(t)},abc\n")),
            ["negative"] = Text(Rows([.. u[..60].Select(value => -value)])),
            ["daily"] = "date,x\n" + string.Concat(Enumerable.Range(0, 60).Select(t =>
                Line(new DateTime(2020, 1, 1).AddDays(t).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), u[t]))),
            ["later"] = "date,x\n" + string.Concat(Enumerable.Range(84, 24).Select(t => Line(Month(t), u[t - 84]))),
            ["dateless"] = "x\n" + string.Concat(u[..20].Select(value => value.ToString(CultureInfo.InvariantCulture) + "\n")),
            ["covariates"] = "date,y,price\n" + ahead,
            ["behind"] = "date,y,price\n" + string.Concat(Enumerable.Range(0, 60).Select(t => Line(Month(t), u[t], t % 5))),
            ["holes"] = "date,y,price\n" + ahead.Replace($"{Month(63)},,3\n", $"{Month(63)},,\n", StringComparison.Ordinal),
            ["panel"] = "id,date,x\n" + string.Concat(usual.Select(row => "a," + row))
                + string.Concat(usual.Select((row, t) => t == 7 ? $"bad,{Month(t)},oops\n" : "bad," + row)),
        };
    }

    private static string Text(string[] rows) => "date,x\n" + string.Concat(rows);

    private static string[] Rows(double[] values) => [.. values.Select((value, t) => Line(Month(t), value))];

    private static string Line(string date, params double[] values) =>
        $"{date},{string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}\n";

    private static string Month(int t) =>
        new DateTime(2015, 1, 1).AddMonths(t).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string PathOf(string file) => Write($"{file}.csv", Files[file]);

    private static string Write(string name, string text)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "bad", TestContext.CurrentContext.Test.ID);
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
