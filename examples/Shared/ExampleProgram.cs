using Recurrent.Data;

namespace Recurrent.Examples;

/// <summary>What all the programs have in common: help, and errors that end with code 2.</summary>
internal static class ExampleProgram
{
    private const int WrongUsage = 2;

    /// <summary>Runs a program.</summary>
    /// <typeparam name="T">Its options.</typeparam>
    /// <param name="args">The arguments, <c>--help</c> among them or not.</param>
    /// <param name="help">What <c>--help</c> prints.</param>
    /// <param name="parse">Reads the options, or throws a <see cref="UsageException"/>.</param>
    /// <param name="run">Does the work.</param>
    /// <param name="output">Where it prints.</param>
    /// <param name="error">Where it says what is wrong.</param>
    /// <returns>The exit code.</returns>
    internal static int Run<T>(
        IReadOnlyList<string> args, string help, Func<IReadOnlyList<string>, T> parse, Action<T, TextWriter> run,
            TextWriter output, TextWriter error)
    {
        try
        {
            T options = parse(args);
            if (args.Any(arg => arg is "--help" or "-h" or "-?"))
            {
                output.WriteLine(help);
                return 0;
            }

            run(options, output);
            return 0;
        }
        catch (Exception problem) when (problem is UsageException or CsvException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(problem.Message);
            error.WriteLine("Run with --help to see the options.");
            return WrongUsage;
        }
    }
}
