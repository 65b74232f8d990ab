using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Recurrent.Benchmarks;

/// <summary>Another library's process that measures when it is asked to, and sleeps in between.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process process;
    private readonly string name;

    /// <summary>What holds PyTorch and the libraries under it to AVX2.</summary>
    private static readonly (string Variable, string Value)[] Avx2 =
        [("ONEDNN_MAX_CPU_ISA", "AVX2"), ("OPENBLAS_CORETYPE", "HASWELL"), ("ATEN_CPU_CAPABILITY", "avx2"), ("MKL_ENABLE_INSTRUCTIONS", "AVX2")];

    private Peer(string name, string program, IEnumerable<string> arguments, int threads, (string Variable, string Value)[] environment)
    {
        this.name = name;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // BLAS and OpenMP on as many threads as the library itself. How they wait is left to them: their default, to look out for
        // work for a while and then to sleep, is the fastest for one epoch after the other, and leaves the cores to the other side.
        foreach (string variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
        {
            start.Environment[variable] = Text(threads);
        }

        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        process = Start(start);
        if (Answer() != "ready")
        {
            throw new PeerException($"{name} did not get ready.");
        }
    }

    /// <summary>PyTorch, ready to measure.</summary>
    public static Peer PyTorch(Options options, string workload, string mode, int threads) => new(
        "PyTorch",
        options.Python,
        [Script("pytorch.py"), "--workload", workload, "--mode", mode, "--threads", Text(threads), "--serve"],
        threads,
        options.Avx2 ? Avx2 : []);

    /// <summary>ONNX Runtime, ready to measure.</summary>
    public static Peer OnnxRuntime(Options options, string workload, string mode, int threads) => new(
        "ONNX Runtime",
        options.Node,
        [Script("onnxruntime.mjs"), "--workload", workload, "--mode", mode, "--threads", Text(threads), "--serve"],
        threads,
        []);

    /// <summary>Writes the ONNX files anew, so that they are what the script makes now.</summary>
    public static void ExportModels(Options options)
    {
        using Process export = Start(new(options.Python, [Script("onnx_export.py"), Script("models")]));
        export.WaitForExit();
        if (export.ExitCode != 0)
        {
            throw new PeerException("onnx_export.py failed: it needs python3-onnx.");
        }
    }

    /// <summary>Measures at least so many runs that take at least so long.</summary>
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

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new PeerException($"{start.FileName} did not start.");
        }
        catch (Win32Exception exception)
        {
            throw new PeerException(exception.Message);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A file of the folder peers, which lies beside the project's sources, above its output.</summary>
    private static string Script(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "peers", file);
            if (Directory.Exists(Path.GetDirectoryName(path)))
            {
                return path;
            }
        }

        throw new PeerException("The folder peers was not found above the program: run it from the repository.");
    }

    private string Answer() => process.StandardOutput.ReadLine()
        ?? throw new PeerException($"{name} ended without an answer; what it said is above. docs/performance.md tells what it needs.");
}

/// <summary>A peer that is not there, or does not do what it should. The message says what to do about it.</summary>
internal sealed class PeerException(string message) : Exception(message);
