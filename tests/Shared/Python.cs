using System.Diagnostics;
using System.Text;

namespace Recurrent.Tests;

/// <summary>Scripts of the tests' own in Python or Node, where those are at hand.</summary>
public static class Python
{
    /// <summary>Runs a script; where there is no Python with a module, the test is skipped and says so.</summary>
    /// <param name="module">The module that the script needs: <c>torch</c>.</param>
    /// <param name="package">What installs it: <c>python3-torch</c>.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it has printed.</returns>
    public static string Run(string module, string package, string script, params string[] arguments)
    {
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            (int code, string output, string error) = Start(python, ["-c", script, .. arguments]);
            if (code == 0)
            {
                return output;
            }

            if (code > 0 && !error.Contains($"No module named '{module}'", StringComparison.Ordinal))
            {
                Assert.Fail(error);
            }
        }

        Assert.Ignore($"This needs python3 with {module} (Debian's {package}).");
        return string.Empty;
    }

    /// <summary>Starts a program.</summary>
    /// <returns>Its exit code, −1 where there is no such program, and what it has written.</returns>
    public static (int Code, string Output, string Error) Start(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            };
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, string.Empty, string.Empty);
        }
    }
}
