using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Recurrent.Cli.Commands;
using Recurrent.Cli.Data;
using Recurrent.Cli.Output;

namespace Recurrent.Cli;

/// <summary>The program, apart from the console.</summary>
internal static class App
{
    /// <summary>Exit code: all is well.</summary>
    internal const int Done = 0;

    /// <summary>Exit code: it could not be done.</summary>
    internal const int Failed = 1;

    /// <summary>Exit code: the command line is wrong.</summary>
    internal const int Usage = 2;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives errors, and progress where it is a terminal.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error,
        CancellationToken cancellation = default)
    {
        ParseResult parsed = Root(output, error).Parse([.. args], new ParserConfiguration());
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError wrong in parsed.Errors)
            {
                error.WriteLine(ParseMessages.Plain(wrong.Message));
            }

            error.WriteLine($"Try: recurrent {Path(parsed.CommandResult)}--help");
            return Usage;
        }

        try
        {
            return parsed.InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false },
                cancellation).GetAwaiter().GetResult();
        }
        catch (UsageException wrong)
        {
            error.WriteLine(wrong.Message);
            error.WriteLine($"Try: recurrent {Path(parsed.CommandResult)}--help");
            return Usage;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Stopped. Nothing was written.");
            return Failed;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or IOException or
            UnauthorizedAccessException or InvalidOperationException or NotSupportedException or ArithmeticException or
            SqliteException or Serialization.ModelFormatException)
        {
            error.WriteLine(Plain(failure));
            if (OptionHints.Of(failure.Message) is { } hint)
            {
                error.WriteLine(hint);
            }

            return Failed;
        }
    }

    private static RootCommand Root(TextWriter output, TextWriter error) =>
        new("Forecasts series in CSV, Parquet and SQLite files, beside the simple methods that a forecast must beat, and "
            + "converts models.")
        {
            InspectCommand.Create(output),
            FitCommand.Create(output, error),
            PredictCommand.Create(output, error),
            BacktestCommand.Create(output, error),
            BacktestCommand.CreateCompare(output, error),
            DetectCommand.Create(output),
            ConvertCommand.Create(output),
            VerifyCommand.Create(output, error),
        };

    /// <summary>The command that was named, for a hint.</summary>
    private static string Path(CommandResult command) =>
        command.Command is RootCommand ? string.Empty : $"{command.Command.Name} ";

    /// <summary>A message without the name of a parameter, which is nothing that a user of the program has seen.</summary>
    private static string Plain(Exception failure) =>
        Regex.Replace(failure.Message, @" \(Parameter '\w+'\)|\r?\nActual value was .*", string.Empty);
}
