using System.Diagnostics;
using System.Globalization;
using Recurrent.Keras;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Tensors;

namespace Recurrent.Tests.Keras;

/// <summary>
/// Whatever a file of another tool holds, it is read or refused as none of its format, soon, and in memory that follows its
/// length.
/// </summary>
/// <remarks>
/// <c>RECURRENT_FUZZ_FILES</c> and <c>RECURRENT_FUZZ_SEED</c> say how many, and which. A file that fails is written to
/// <c>fuzz-failures</c> beside the tests, and belongs, when it is mended, into tests/fixtures/fuzz-files, which is tried each
/// time.
/// </remarks>
public sealed class FileFuzzTests
{
    private const long MemoryOverhead = 32 << 20;
    private const long MemoryPerByte = 200;

    // The library of HDF5 makes room for what a header claims, up to 2 GiB, before it finds that the file ends.
    private const long MemoryOfHdf5 = 3L << 30;
    private const int Quick = 2000;

    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(20);

    private static readonly string[] Seeds =
    [
        "pytorch/saved/lstm_two_layers.pt", "pytorch/saved/checkpoint.pt", "pytorch/saved/views.pt", "pytorch/saved/widths.pt",
        "pytorch/saved/checkpoint.legacy.pth", "pytorch/saved/widths.legacy.pth", "pytorch/saved/views.legacy.pth",
        "pytorch/saved/lstm_two_layers.safetensors", "pytorch/saved/widths.safetensors", "keras/saved/simplernn.keras",
        "keras/saved/conv_bn_gru.keras", "keras/saved/simplernn.h5", "keras/saved/gru_classifier.h5",
        "keras/saved/simplernn.weights.h5", "tfjs/row.json", "tfjs/graph_uint8.json", "fuzz/keras2.json",
    ];

    [Test]
    public void Files_of_other_tools_are_read_or_refused() => Run(Setting("RECURRENT_FUZZ_FILES", Quick));

    private static IEnumerable<TestCaseData> Corpus() =>
        from file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "fixtures", "fuzz-files"))
        select new TestCaseData(file).SetArgDisplayNames(Path.GetFileName(file));

    [TestCaseSource(nameof(Corpus))]
    public void What_once_went_wrong_is_read_or_refused(string file)
    {
        byte[] content = File.ReadAllBytes(file);
        foreach (string kind in (string[])[".pt", ".keras", ".json"])
        {
            Assert.That(Try(kind, content, out _), Is.Null);
        }
    }

    private static void Run(int count)
    {
        int seed = Setting("RECURRENT_FUZZ_SEED", 1);
        (string Name, byte[] Content)[] seeds = [.. Seeds.Select(name => (name, File.ReadAllBytes(PathOf(name))))];
        var failures = new List<string>();
        int read = 0;
        for (int i = 0; i < count && failures.Count < 10; i++)
        {
            var random = new System.Random(seed * 1_000_003 + i);
            (string name, byte[] content) = seeds[i % seeds.Length];
            byte[] file = FileMutator.Next(content, random);
            // A machine may stand still for a while, so what went wrong has to go wrong again.
            if (Try(name, file, out bool accepted) is not null && Try(name, file, out accepted) is { } problem)
            {
                failures.Add($"{name}, seed {seed}, file {i} ({Keep(name, file, i)}): {problem}");
            }

            read += accepted ? 1 : 0;
        }

        TestContext.Out.WriteLine(FormattableString.Invariant($"{count} files, {read} of them read"));
        Assert.That(failures, Is.Empty, string.Join("\n\n", failures));
        Assert.That(read, Is.GreaterThan(count / 50), "files are close enough to what is read");
    }

    private static string? Try(string name, byte[] file, out bool accepted)
    {
        accepted = false;
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Read(name, file);
            accepted = true;
        }
        catch (ModelFormatException refusal)
        {
            if (refusal.Message.Any(letter => char.IsControl(letter) && letter != '\n'))
            {
                return $"a control character in the message: {refusal.Message}";
            }
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        bool isHdf5 = name.EndsWith(".h5", StringComparison.Ordinal) || name.EndsWith(".keras", StringComparison.Ordinal);
        return allocated > (isHdf5 ? MemoryOfHdf5 : MemoryOverhead) + MemoryPerByte * file.Length
            ? FormattableString.Invariant($"{allocated} bytes of memory for a file of {file.Length}")
            : clock.Elapsed > LongestTime ? FormattableString.Invariant($"{clock.Elapsed} for a file of {file.Length} bytes")
            : null;
    }

    private static void Read(string name, byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        switch (Path.GetExtension(name))
        {
            case ".keras":
            case ".h5" when !name.EndsWith(".weights.h5", StringComparison.Ordinal):
                KerasFile.Load(stream);
                break;
            case ".h5":
                KerasFile.LoadWeights(Model.FromJson(File.ReadAllText(PathOf("keras/saved/simplernn.model.json"))), stream);
                break;
            case ".json" when name.StartsWith("tfjs", StringComparison.Ordinal):
                TensorFlowJsFile.Load(stream, shard => File.Exists(PathOf("tfjs/" + shard))
                    ? File.OpenRead(PathOf("tfjs/" + shard)) : new MemoryStream(file), true, ReadLimits.Default, null);
                break;
            case ".json":
                using (var text = new StreamReader(stream))
                {
                    _ = Model.FromJson(text.ReadToEnd());
                }

                break;
            default:
                using (TensorFile tensors = TensorFile.Read(stream))
                {
                    foreach (TensorInfo tensor in tensors.Tensors.Take(50))
                    {
                        _ = tensors.Read(tensor.Name);
                    }
                }

                break;
        }
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", name);

    private static string Keep(string name, byte[] file, int index)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "fuzz-failures")).FullName;
        string path = Path.Combine(folder, FormattableString.Invariant($"{index}-{Path.GetFileName(name)}"));
        File.WriteAllBytes(path, file);
        return path;
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value : fallback;
}
