using System.Diagnostics;
using System.Globalization;

namespace Recurrent.Benchmarks.Peers;

/// <summary>
/// libtorch, in a process of its own, as a .NET program that uses it: the project Recurrent.Benchmarks.Libtorch.
/// </summary>
internal sealed class LibtorchPeer : IPeer
{
    private const string Project = "Recurrent.Benchmarks.Libtorch";

    /// <summary>What holds libtorch and the libraries in it to AVX2.</summary>
    private static readonly (string Variable, string Value)[] Avx2 =
        [("ONEDNN_MAX_CPU_ISA", "AVX2"), ("ATEN_CPU_CAPABILITY", "avx2"), ("MKL_ENABLE_INSTRUCTIONS", "AVX2")];

    private readonly Process process;

    public LibtorchPeer(string workload, string mode, int threads, bool avx2)
    {
        var start = new ProcessStartInfo("dotnet", [Program(), workload, mode, Text(threads)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // As many threads in the libraries below as in libtorch itself. How they wait is left to them: their default, to look out
        // for work for a while and then to sleep, is the fastest for one epoch after the other, and leaves the cores to the other
        // side.
        foreach (string variable in (string[])["OMP_NUM_THREADS", "MKL_NUM_THREADS"])
        {
            start.Environment[variable] = Text(threads);
        }

        foreach ((string variable, string value) in avx2 ? Avx2 : [])
        {
            start.Environment[variable] = value;
        }

        process = Process.Start(start) ?? throw new PeerException("dotnet did not start.");
        Version = Answer();
    }

    public string Version { get; }

    public Timing Measure(int repeat, double seconds)
    {
        process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{repeat} {seconds}"));
        return Timing.Parse(Answer());
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            process.Kill();
        }

        process.Dispose();
    }

    /// <summary>The peer's program, in the output of its project, which lies beside this one's.</summary>
    private static string Program()
    {
        // bin/Release/net10.0, of both.
        string output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string project = Path.GetFullPath(Path.Combine(output, "..", "..", "..", "..", Project));
        string built = Path.GetRelativePath(Path.Combine(output, "..", "..", ".."), output);
        string program = Path.Combine(project, built, "LibtorchPeer.dll");
        return File.Exists(program) ? program : throw new PeerException($"""
            The peer on libtorch is not built: {program} is not there.
            Build it once with: dotnet build -c Release tests/{Project} (it fetches 130 MB of packages from NuGet).
            Without it, --peer onnxruntime compares predictions with ONNX Runtime alone.
            """);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Answer() => process.StandardOutput.ReadLine()
        ?? throw new PeerException("The peer on libtorch ended without an answer; what it said is above.");
}
