using System.Diagnostics;
using System.Globalization;
using System.Text;
using Recurrent.Random;

namespace Recurrent.Tests.Fuzzing;

/// <summary>
/// Whatever a document says, it is read or refused as no document of its format, soon, and in memory that follows its length.
/// </summary>
/// <remarks>
/// <c>eng/fuzz.sh</c> runs a million; <c>RECURRENT_FUZZ_FILES</c> and <c>RECURRENT_FUZZ_SEED</c> say how many, and which. A
/// document that fails is written to <c>fuzz-failures</c> beside the tests, and belongs, when it is mended, into
/// tests/fixtures/fuzz, which is tried each time.
/// </remarks>
[TestFixture]
public sealed class FuzzTests
{
    private const long MemoryOverhead = 16 << 20;
    private const long MemoryPerByte = 96;

    // Generous: other work runs beside the tests.
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(20);

    [Test]
    [Category("Slow")]
    public void Documents_are_read_or_refused()
    {
        int count = Setting("RECURRENT_FUZZ_FILES", 10_000);
        int seed = Setting("RECURRENT_FUZZ_SEED", 1);
        var failures = new List<string>();
        int read = 0;
        Parallel.For(0, count, (i, state) =>
        {
            var random = new SeededRandom(SeededRandom.Key((ulong)seed, (ulong)i));
            Target target = Target.All[i % Target.All.Count];
            byte[] document = Mutator.Next(target.Seeds, ref random);
            string? problem = Try(target, document, out bool accepted);
            if (accepted)
            {
                Interlocked.Increment(ref read);
            }

            if (problem is not null)
            {
                lock (failures)
                {
                    failures.Add($"{target.Name}, seed {seed}, document {i} ({Keep(target, document, seed, i)}): {problem}");
                    if (failures.Count >= 20)
                    {
                        state.Stop();
                    }
                }
            }
        });
        TestContext.Out.WriteLine($"{count} documents, {read} of them read");
        Assert.That(failures, Is.Empty, string.Join("\n\n", failures));
        Assert.That(read, Is.GreaterThan(count / 50), "documents are close enough to what is read");
    }

    private static IEnumerable<TestCaseData> Corpus() =>
        from file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "fixtures", "fuzz"))
        from target in Target.All
        select new TestCaseData(target.Name, file).SetArgDisplayNames(target.Name, Path.GetFileName(file));

    [TestCaseSource(nameof(Corpus))]
    public void What_once_went_wrong_is_read_or_refused(string target, string file)
    {
        string? problem = Try(Target.All.First(each => each.Name == target), File.ReadAllBytes(file), out _);
        Assert.That(problem, Is.Null);
    }

    [Test]
    public void What_documents_are_made_of_is_read()
    {
        foreach (Target target in Target.All.Where(each => each.Name is not ("architecture" or "table")))
        {
            foreach (string seed in target.Seeds)
            {
                Assert.That(Try(target, Encoding.UTF8.GetBytes(seed), out bool accepted), Is.Null, target.Name);
                Assert.That(accepted, target.Name);
            }
        }
    }

    private static string? Try(Target target, byte[] document, out bool accepted)
    {
        accepted = false;
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Action use = target.Read(document);
            accepted = true;
            string? cost = Cost(document, before, clock);
            use();
            return cost;
        }
        catch (Exception exception) when (exception.GetType() == target.Refusal)
        {
            if (exception.Message.Any(letter => char.IsControl(letter) && letter != '\n'))
            {
                return $"a control character in the message: {exception.Message}";
            }
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }

        return Cost(document, before, clock);
    }

    private static string? Cost(byte[] document, long before, Stopwatch clock)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated > MemoryOverhead + (MemoryPerByte * document.Length)
            ? $"{allocated} bytes of memory for a document of {document.Length}"
            : clock.Elapsed > LongestTime ? $"{clock.Elapsed} for a document of {document.Length} bytes"
            : null;
    }

    private static string Keep(Target target, byte[] document, int seed, int index)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "fuzz-failures")).FullName;
        string path = Path.Combine(folder, FormattableString.Invariant($"{target.Name}-{seed}-{index}.json"));
        File.WriteAllBytes(path, document);
        return path;
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value : fallback;
}
