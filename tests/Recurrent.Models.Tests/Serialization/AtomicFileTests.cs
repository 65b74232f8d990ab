using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Recurrent.Registration;

namespace Recurrent.Tests.Serialization;

/// <summary>A file is replaced as a whole or not at all, keeps what it had beside its content, and nothing stays beside
/// it.</summary>
[TestFixture]
[Platform(Exclude = "Win")]
[UnsupportedOSPlatform("windows")]
public sealed class AtomicFileTests
{
    private string folder = string.Empty;

    private string Target => Path.Combine(folder, "model.json");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("recurrent-atomic").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_save_that_is_interrupted_leaves_the_old_file()
    {
        File.WriteAllText(Target, "old");

        Assert.Throws<IOException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write("half of the new f"u8);
            stream.Flush();
            throw new IOException("disk full");
        }));

        Assert.That(File.ReadAllText(Target), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead)]
    [TestCase(UnixFileMode.UserRead)]
    public void A_file_keeps_its_mode(UnixFileMode mode)
    {
        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, mode);
        UnixFileMode during = UnixFileMode.None;

        AtomicFile.Write(Target, stream =>
        {
            during = File.GetUnixFileMode(((FileStream)stream).Name);
            stream.Write("new"u8);
        });

        Assert.That(File.GetUnixFileMode(Target), Is.EqualTo(mode));
        Assert.That(during, Is.EqualTo(mode), "nobody may read the new content earlier than the old one");
        File.SetUnixFileMode(Target, mode | UnixFileMode.UserRead);
        Assert.That(File.ReadAllText(Target), Is.EqualTo("new"));
    }

    [Test]
    public void A_new_file_has_the_mode_that_new_files_have()
    {
        string other = Path.Combine(folder, "other");
        File.WriteAllText(other, "x");

        Write("new");

        Assert.That(File.GetUnixFileMode(Target), Is.EqualTo(File.GetUnixFileMode(other)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_link_stays_and_what_it_leads_to_is_replaced(bool exists)
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(folder, "elsewhere")).FullName;
        string real = Path.Combine(elsewhere, "real.json");
        string middle = Path.Combine(folder, "middle.json");
        if (exists)
        {
            File.WriteAllText(real, "old");
            File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.CreateSymbolicLink(middle, Path.Combine("elsewhere", "real.json"));
        File.CreateSymbolicLink(Target, middle);

        Write("new");

        Assert.That(File.ReadAllText(real), Is.EqualTo("new"));
        Assert.That(new FileInfo(Target).LinkTarget, Is.EqualTo(middle));
        Assert.That(new FileInfo(middle).LinkTarget, Is.Not.Null);
        Assert.That(Directory.GetFiles(elsewhere), Has.Length.EqualTo(1));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(2));
        if (exists)
        {
            Assert.That(File.GetUnixFileMode(real), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public void Two_thousand_leftovers_are_not_in_the_way_and_go()
    {
        int gone = ProcessThatIsGone();
        for (int i = 0; i < 1000; i++)
        {
            File.WriteAllText($"{Target}.{gone}-{Environment.CurrentManagedThreadId}-{i}.tmp", "left behind");
            File.WriteAllText(Path.Combine(folder, $".recurrent-{gone}-{Random16()}.tmp"), "left behind");
        }

        string mine = Path.Combine(folder, "mine.tmp");
        string numbered = Path.Combine(folder, "another.json.1-2-3.tmp");
        File.WriteAllText(mine, "not a leftover");
        File.WriteAllText(numbered, "not one of this file");

        Write("new");

        Assert.That(Directory.GetFiles(folder), Is.EquivalentTo(new[] { Target, mine, numbered }));
    }

    [Test]
    public void Two_thousand_leftovers_of_a_process_with_this_number_are_not_in_the_way_and_go_when_they_are_old()
    {
        for (int i = 0; i < 1000; i++)
        {
            File.WriteAllText($"{Target}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-{i}.tmp", "left behind");
            File.WriteAllText(Path.Combine(folder, $".recurrent-{Environment.ProcessId}-{Random16()}.tmp"), "left behind");
        }

        Write("new");
        Assert.That(File.ReadAllText(Target), Is.EqualTo("new"));
        foreach (string file in Directory.GetFiles(folder, "*.tmp"))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromMinutes(2));
        }

        Write("newer");
        Assert.That(Directory.GetFiles(folder), Is.EqualTo(new[] { Target }));
    }

    [Test]
    public void What_somebody_is_writing_is_no_leftover()
    {
        string second = Path.Combine(folder, "second.json");

        AtomicFile.Write(Target, outer =>
        {
            outer.Write("first"u8);
            AtomicFile.Write(second, inner => inner.Write("second"u8));
            AtomicFile.Write(Target, inner => inner.Write("meanwhile"u8));
        });

        Assert.That(File.ReadAllText(Target), Is.EqualTo("first"));
        Assert.That(File.ReadAllText(second), Is.EqualTo("second"));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(2));
    }

    [Test]
    public void What_is_locked_is_no_leftover()
    {
        string theirs = Path.Combine(folder, $".recurrent-{ProcessThatIsGone()}-{Random16()}.tmp");
        using (var stream = new FileStream(theirs, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            // As a process on the other side of a shared folder does, whose number says nothing here.
            stream.Write("half"u8);
            Write("new");
            Assert.That(File.Exists(theirs), "it is still being written");
        }

        Write("newer");
        Assert.That(File.Exists(theirs), Is.False, "nobody writes it any more");
    }

    [Test]
    public void A_file_that_vanishes_before_it_has_its_name_is_written_again()
    {
        int times = 0;
        AtomicFile.Write(Target, stream =>
        {
            stream.Write("new"u8);
            if (++times == 1)
            {
                File.Delete(((FileStream)stream).Name);
            }
        });

        Assert.That(times, Is.EqualTo(2));
        Assert.That(File.ReadAllText(Target), Is.EqualTo("new"));
        Assert.Throws<FileNotFoundException>(() => AtomicFile.Write(Target, stream => File.Delete(((FileStream)stream).Name)));
        Assert.That(File.ReadAllText(Target), Is.EqualTo("new"));
    }

    [TestCase(255, "x")]
    [TestCase(250, "n")]
    [TestCase(127, "é")]
    public void Every_name_that_the_system_allows_will_do(int length, string letter)
    {
        string path = Path.Combine(folder, string.Concat(Enumerable.Repeat(letter, length)));
        File.WriteAllText(path, "old");

        AtomicFile.Write(path, stream => stream.Write("new"u8));

        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void Many_writers_of_one_file_leave_one_whole_file()
    {
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => AtomicFile.Write(Target, stream =>
        {
            for (int k = 0; k < 50; k++)
            {
                stream.Write(Encoding.ASCII.GetBytes($"{i:D3}\n"));
            }
        }));

        string[] lines = File.ReadAllLines(Target);
        Assert.That(lines, Has.Length.EqualTo(50));
        Assert.That(lines.Distinct().Count(), Is.EqualTo(1));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test]
    [Platform("Linux")]
    public void What_is_no_file_is_written_into_and_not_replaced()
    {
        using FileStream open = new(Target, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        string descriptor = $"/proc/self/fd/{open.SafeFileHandle.DangerousGetHandle()}";

        AtomicFile.Write(descriptor, stream => stream.Write("new"u8));

        using StreamReader reader = new(open);
        Assert.That(reader.ReadToEnd(), Is.EqualTo("new"), "who has it open must see what was written");
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_folder_is_no_file()
    {
        IOException refused = Assert.Throws<IOException>(() => AtomicFile.Write(folder, _ => { }))!;
        Assert.That(refused.Message, Is.EqualTo($"'{folder}' is a folder. Give the name of a file in it."));
    }

    [Test]
    public void The_folder_is_brought_to_the_disk_too()
    {
        Assert.That(FolderFlush.Run(folder));
        Assert.That(FolderFlush.Run(Path.Combine(folder, "missing")), Is.False);
    }

    private static string Random16() => Guid.NewGuid().ToString("N")[..16];

    private static int ProcessThatIsGone()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["--version"]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.Id;
    }

    private void Write(string content) => AtomicFile.Write(Target, stream => stream.Write(Encoding.UTF8.GetBytes(content)));
}
