using System.Diagnostics;
using System.Text.Json;
using Recurrent.Cli.Data;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Tests;

/// <summary>What is a pipe and what a file, where results can be written, and what is left out.</summary>
[TestFixture]
public sealed class StreamTests
{
    private const string TwoOfThree = "id,date,x,h\na,2024-01-01,1,0\na,2024-01-02,2,0\na,2024-01-03,3,1\na,2024-01-04,5,0\n"
        + "a,2024-01-05,,1\nbad,2024-01-01,1,0\nbad,2024-01-02,oops,1\n"
        + "c,2024-01-01,5,0\nc,2024-01-02,6,0\nc,2024-01-03,7,1\nc,2024-01-04,9,0\nc,2024-01-05,,1\n";

    [TestCase("backtest", "-m", "mean")]
    [TestCase("compare", "--methods", "naive,drift")]
    public void Series_left_out_are_named(string command, string option, string method)
    {
        string text = "id,date,x\n" + string.Concat(new[] { "a", "bad", "c" }.SelectMany(id => Enumerable.Range(1, 28)
            .Select(day => $"{id},2024-02-{day:00},{(id == "bad" && day == 9 ? "oops" : $"{day * day % 7}")}\n")));
        string data = Write("left.csv", text);
        string[] args = [command, data, "--panel", "--leave-out", option, method, "-n", "2", "--origins", "2"];
        JsonElement json = CommandTests.Json([.. args, "--json"]);
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("notes").EnumerateArray().Select(one => one.GetString()),
                Has.Some.Contains("'bad' is left out"));
            Assert.That(CommandTests.Run(args).Output, Does.Contain("'bad' is left out"));
        });
    }

    [Test]
    public void Series_left_out_are_named_where_columns_are_known_ahead()
    {
        SeriesPanel panel = CsvTable.Parse(TwoOfThree, "t.csv",
            new() { Columns = ["x", "h"], BadSeries = BadSeries.LeaveOut }).ToPanel();
        (SeriesPanel known, SeriesPanel? ahead) = RoleOptions.Split(panel, new SeriesRoles(Future: ["h"]));
        Assert.Multiple(() =>
        {
            Assert.That(known.LeftOut.Keys, Is.EqualTo(new[] { "bad" }));
            Assert.That(known.AttributeNames, Is.EqualTo(panel.AttributeNames));
            Assert.That(ahead?.Names, Is.EqualTo(new[] { "a", "c" }));
        });
    }

    [TestCase("predict")]
    [TestCase("inspect")]
    public void Leaving_out_is_for_panels(string command)
    {
        (int code, _, string error) = CommandTests.Run(command, CommandTests.Air, "--leave-out");
        Assert.That((code, error), Is.EqualTo((2, error)).And.Matches<(int, string)>(one => one.Item2.Contains(
            "--leave-out is about", StringComparison.Ordinal)));
    }

    [Test]
    public void Files_in_memory_are_files()
    {
        if (!Directory.Exists("/dev/shm"))
        {
            Assert.Ignore("There is no /dev/shm here.");
        }

        string folder = Directory.CreateTempSubdirectory("streams").FullName;
        string data = $"/dev/shm/recurrent-{Guid.NewGuid()}.csv";
        string model = Path.ChangeExtension(data, ".json");
        try
        {
            File.Copy(CommandTests.Air, data);
            (int code, _, string error) = CommandTests.Run("fit", data, "-m", "naive", "-o", Path.Combine(folder, "m.json"));
            File.Copy(Path.Combine(folder, "m.json"), model);
            (int, string, string) seen = CommandTests.Run("inspect", model);
            (int, string, string) usual = CommandTests.Run("inspect", Path.Combine(folder, "m.json"));
            Assert.Multiple(() =>
            {
                Assert.That(code, Is.Zero, error);
                Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(2), "the model and its receipt");
                Assert.That(Named(seen, model), Is.EqualTo(Named(usual, Path.Combine(folder, "m.json"))));
                Assert.That(StandardInput.Is(data), Is.False);
            });
        }
        finally
        {
            File.Delete(data);
            File.Delete(model);
        }
    }

    [TestCase("-", ExpectedResult = true)]
    [TestCase("/dev/zero", ExpectedResult = true)]
    [TestCase("/dev/none", ExpectedResult = false)]
    [TestCase("x.csv", ExpectedResult = false)]
    public bool What_is_a_pipe(string path) => StandardInput.Is(path);

    [Test]
    public void What_comes_through_a_pipe_is_called_so()
    {
        if (!Directory.Exists("/proc/self/fd"))
        {
            Assert.Ignore("Streams that are open have no paths here.");
        }

        using FileStream open = File.OpenRead(Write("piped.csv", "t,x\n2024-01-01,a\n2024-01-02,b\n"));
        string path = $"/proc/self/fd/{open.SafeFileHandle.DangerousGetHandle()}";
        (int code, _, string error) = CommandTests.Run("inspect", path);
        (int queried, _, string told) = CommandTests.Run("inspect", path, "--table", "t");
        Assert.Multiple(() =>
        {
            Assert.That((code, queried), Is.EqualTo((1, 2)));
            Assert.That(error, Does.Contain("standard input").And.Not.Contain("recurrent-"));
            Assert.That(told, Does.Contain("standard input is no SQLite database"));
        });
    }

    [TestCase("/proc/self/mem")]
    [TestCase("/proc/1/none")]
    public void Nothing_is_left_of_a_pipe_that_fails(string path)
    {
        string[] before = Spooled();
        Assert.That(() => StandardInput.Spool(path), Throws.InstanceOf<IOException>());
        Assert.That(Spooled().Except(before), Is.Empty);
    }

    [TestCase("/dev/zero")]
    [TestCase("/dev/fd/2")]
    public void Results_go_to_devices(string path)
    {
        if (!File.Exists(path))
        {
            Assert.Ignore($"There is no {path} here.");
        }

        (int code, _, string error) = CommandTests.Run("predict", CommandTests.Air, "-m", "naive", "-n", "1", "--out", path);
        (int fitted, string output, string told) = CommandTests.Run("fit", CommandTests.Air, "-m", "naive", "--out", path);
        Assert.That((code, fitted), Is.EqualTo((0, 0)), error + told);
        Assert.That(output, Does.Not.Contain("Receipt"));
    }

    [Test]
    public void A_pipe_with_a_name_is_read_and_written_as_one()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Pipes have no paths here.");
        }

        string folder = Directory.CreateTempSubdirectory("streams").FullName;
        (string taken, string given) = (Path.Combine(folder, "in"), Path.Combine(folder, "out"));
        string arrived = Path.Combine(folder, "arrived.json");
        using (Process made = Process.Start("mkfifo", [taken, given]))
        {
            made.WaitForExit();
        }

        using Process writer = Process.Start("sh", ["-c", "cat \"$0\" > \"$1\"", CommandTests.Air, taken]);
        using Process reader = Process.Start("sh", ["-c", "cat \"$0\" > \"$1\"", given, arrived]);
        (int code, _, string error) = CommandTests.Run("fit", taken, "-m", "naive", "--out", given);
        Assert.That(code, Is.Zero, error);
        Assert.That(writer.WaitForExit(10_000) && reader.WaitForExit(10_000));
        Assert.That(Forecaster.Load(arrived).Name, Is.EqualTo("Naive"));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(3), "no receipt, and nothing in place of a pipe");
        Directory.Delete(folder, recursive: true);
    }

    [TestCase("predict", "--out")]
    [TestCase("backtest", "--report")]
    public void A_path_that_is_empty_is_told(string command, string option)
    {
        (int code, _, string error) = CommandTests.Run(command, CommandTests.Air, option, string.Empty);
        Assert.That((code, error), Is.EqualTo((2, error)).And.Matches<(int, string)>(one => one.Item2.Contains(
            $"{option} is empty", StringComparison.Ordinal)));
    }

    [Test]
    public void A_file_that_cannot_be_written_over_is_told_before_the_work()
    {
        string path = Write("held.csv", "kept");
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            (int code, _, string error) = CommandTests.Run("predict", "none.csv", "--out", path);
            Assert.That((code, error), Is.EqualTo((1, error)).And.Matches<(int, string)>(one => one.Item2.Contains(
            "cannot be written over", StringComparison.Ordinal)));
        }

        Assert.That(CommandTests.Run("predict", "none.csv", "--out", path).Error, Does.Contain("none.csv"));
        Assert.That(File.ReadAllText(path), Is.EqualTo("kept"));
    }

    [Test]
    public void A_file_that_is_read_only_is_told_before_the_work()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Who may do all may write over it.");
        }

        string path = Write($"{Guid.NewGuid()}.csv", "kept");
        File.SetAttributes(path, FileAttributes.ReadOnly);
        (int code, _, string error) = CommandTests.Run("predict", "none.csv", "--out", path);
        Assert.That((code, error), Is.EqualTo((1, error)).And.Matches<(int, string)>(one => one.Item2.Contains(
            "cannot be written over", StringComparison.Ordinal)));
    }

    private static (int, string) Named((int Code, string Output, string Error) run, string path) =>
        (run.Code, (run.Output + run.Error).Replace(path, "m", StringComparison.Ordinal));

    private static string[] Spooled() => Directory.GetFiles(Path.GetTempPath(), "recurrent-*.csv");

    private static string Write(string name, string text)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "streams");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
