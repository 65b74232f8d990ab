using System.Diagnostics;
using System.Globalization;

namespace Recurrent.Tests.Models;

/// <summary>Processes that are killed (−9) wherever they stand, and started again until they come to their end.</summary>
[TestFixture]
public sealed class KillTests
{
    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("recurrent-kill-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_process_that_is_killed_in_an_epoch_ends_as_one_that_is_not([Values("arrays", "rows")] string run)
    {
        string whole = Whole(run, 2, saveFreq: 3);
        string killed = Directory.CreateDirectory(Path.Combine(folder, "killed")).FullName;
        int kills = 0;
        string[] starts = UntilDone(run, killed, 3, _ => 1, () => kills++ < 2 ? 15 : int.MaxValue, _ => 0);
        Assert.That(Result(killed), Is.EqualTo(whole));
        Assert.That(starts, Has.Length.EqualTo(3));
        Assert.That(starts[0], Is.EqualTo("begin 0"));
        Assert.That(starts[1], Is.EqualTo("begin 1"), "it went on in the second epoch");
    }

    [Test]
    [Category("Slow")]
    public void A_process_that_is_killed_many_times_at_any_moment_ends_as_one_that_is_not(
        [Values("arrays", "rows")] string run, [Values(0, 1, 4)] int saveFreq)
    {
        string whole = Whole(run, 1, saveFreq);
        var random = new System.Random(saveFreq + 17);
        string killed = Directory.CreateDirectory(Path.Combine(folder, "killed")).FullName;
        int kills = 0;

        // Up to 12 times: after so many lines of what it says, and some moments later, which saves and what surrounds them fill
        // for the most part where every batch is backed up.
        UntilDone(run, killed, saveFreq, start => 1 + (start % 3), () => kills++ < 12 ? 1 + random.Next(25) : int.MaxValue,
            _ => random.Next(0, 12));
        Assert.That(Result(killed), Is.EqualTo(whole));
    }

    [Test]
    public void On_a_full_disk_a_run_ends_with_words_and_its_last_backup_stays()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("The limit on the size of files that stands for a full disk is set by a shell.");
        }

        // The first backups fit; the limit lies below what a backup with the best weights takes.
        string program = Path.Combine(AppContext.BaseDirectory, "Recurrent.Runs.dll");
        var start = new ProcessStartInfo("/bin/sh",
        [
            "-c", $"trap '' XFSZ; ulimit -f 380; exec dotnet '{program}' arrays '{folder}' 1 1",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using (Process process = Process.Start(start)!)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Not.Zero, output.Result);
            Assert.That(error, Does.Contain("could not be backed up to").And.Contain("The backup before it is still there"));
        }

        string whole = Whole("arrays", 2, saveFreq: 1);
        UntilDone("arrays", folder, 1, _ => 1, () => int.MaxValue, _ => 0);
        Assert.That(Result(folder), Is.EqualTo(whole), "with room again it goes on from there");
    }

    private string Whole(string run, int threads, int saveFreq)
    {
        string own = Directory.CreateDirectory(Path.Combine(folder, "whole")).FullName;
        UntilDone(run, own, saveFreq, _ => threads, () => int.MaxValue, _ => 0);
        return Result(own);
    }

    private static string Result(string folder) => File.ReadAllText(Path.Combine(folder, "result.txt"));

    /// <summary>Starts a run until it comes to its end.</summary>
    /// <param name="run">Which one.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="saveFreq">How often it is backed up.</param>
    /// <param name="threads">How many threads a start uses.</param>
    /// <param name="lines">After how many lines of its output it is killed.</param>
    /// <param name="moment">And how many milliseconds later.</param>
    /// <returns>The first line of each start.</returns>
    private static string[] UntilDone(
        string run, string folder, int saveFreq, Func<int, int> threads, Func<int> lines, Func<int, int> moment)
    {
        var first = new List<string>();
        for (int start = 0; start < 100; start++)
        {
            using Process process = Start(run, folder, threads(start), saveFreq);
            int left = lines();
            bool begun = false;
            while (left-- > 0 && process.StandardOutput.ReadLine() is { } line)
            {
                if (!begun)
                {
                    first.Add(line);
                    begun = true;
                }
            }

            if (left < 0)
            {
                Thread.Sleep(moment(start));
                process.Kill();
                process.WaitForExit();
                continue;
            }

            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, error);
            return [.. first];
        }

        throw new InvalidOperationException("The run never came to its end.");
    }

    private static Process Start(string run, string folder, int threads, int saveFreq)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Recurrent.Runs.dll");
        var start = new ProcessStartInfo("dotnet",
        [
            program, run, folder, threads.ToString(CultureInfo.InvariantCulture), saveFreq.ToString(CultureInfo.InvariantCulture),
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }
}
