using System.Diagnostics;
using System.Globalization;

namespace Recurrent.Tests.Mpi;

/// <summary>Starts the scenarios of Recurrent.Mpi.Worker on several ranks of this machine.</summary>
internal sealed record Mpirun(int Code, string Output, string Error)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>Whether there is an mpirun; where there is none, its tests are skipped.</summary>
    internal static bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "mpirun")));

    internal static Mpirun Of(int ranks, params string[] args)
    {
        var start = new ProcessStartInfo("mpirun")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // As root in containers, and with more ranks than cores; nothing else on the machine is asked for.
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        foreach (string argument in (string[])["--allow-run-as-root", "--oversubscribe", "--mca", "mpi_yield_when_idle", "1",
            "-n",
            ranks.ToString(CultureInfo.InvariantCulture), host,
            Path.Combine(AppContext.BaseDirectory, "Recurrent.Mpi.Worker.dll"), .. args])
        {
            start.ArgumentList.Add(argument);
        }

        // Open MPI gives its children a terminal, and .NET would greet that.
        start.Environment["TERM"] = "dumb";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"mpirun has not ended: {string.Join(" ", args)}");
        }

        return new(process.ExitCode, output.Result.Trim(), error.Result);
    }
}
