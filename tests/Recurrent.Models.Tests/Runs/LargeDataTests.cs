using System.Diagnostics;
using System.Globalization;

namespace Recurrent.Tests.Models;

/// <summary>Ten million rows, in a file several times as large as the memory there is.</summary>
[TestFixture]
public sealed class LargeDataTests
{
    private const long Limit = 256L << 20;

    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("recurrent-large-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    [Category("Slow")]
    public void Ten_million_rows_are_trained_on_in_less_memory_than_a_third_of_their_file()
    {
        const long Rows = 10_000_000;
        Run("write", Rows, null);
        long size = new FileInfo(Path.Combine(folder, "large.csv")).Length;
        string[] said = Run("large", Rows, Limit).Split(' ');
        long updates = long.Parse(said[0], CultureInfo.InvariantCulture);
        long early = long.Parse(said[1], CultureInfo.InvariantCulture);
        long late = long.Parse(said[2], CultureInfo.InvariantCulture);
        long peak = long.Parse(said[3], CultureInfo.InvariantCulture);
        Assert.Multiple(() =>
        {
            Assert.That(size, Is.GreaterThan(3 * Limit));
            Assert.That(updates, Is.EqualTo(Rows / 2000));
            Assert.That(late, Is.LessThan(early + (4 << 20)), "memory is as flat at the end as at the beginning");
            Assert.That(peak, Is.LessThan(Limit), "the whole process");
        });
        TestContext.Out.WriteLine(string.Join(' ', said));
    }

    private string Run(string run, long rows, long? limit)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "Recurrent.Runs.dll"), run, folder, "2",
            rows.ToString(CultureInfo.InvariantCulture),
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        if (limit is long bytes)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = bytes.ToString("X", CultureInfo.InvariantCulture);
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, error);
        return output.Trim();
    }
}
