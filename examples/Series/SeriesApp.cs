namespace Recurrent.Examples.Series;

/// <summary>The program, apart from the console: one comparison after another, or those that are named.</summary>
internal static class SeriesApp
{
    internal static readonly string[] Names = ["passengers", "sunspots", "co2", "weather", "panel", "sales", "anomalies"];

    internal const string Help = """
        Forecasts real series with networks and classical methods, each beside the simple methods that it must beat.

          dotnet run -c Release --project examples/Series -- [options]

          --only NAMES       with commas between: passengers, sunspots, co2, weather (several variables), panel (casualties
                             on roads), sales (mostly zeros), anomalies                                       (all)
          --epochs N         most epochs of a network                                              (30)
          --out FOLDER       for a page with charts of each                                        (none are written)
          --help             this text
        """;

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static SeriesOptions Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--only", "--epochs", "--out"], switches: []);
        string[] only = line.Text("--only", string.Join(',', Names)).Split(',', StringSplitOptions.TrimEntries);
        var options = new SeriesOptions(only, line.Number("--epochs", 30, least: 1), line.Text("--out", string.Empty));
        line.ThrowIfWrong();
        return only.FirstOrDefault(name => !Names.Contains(name)) is not { } wrong ? options
            : throw new UsageException($"--only knows {string.Join(", ", Names)}, but not '{wrong}'.");
    }

    private static void Run(SeriesOptions options, TextWriter output)
    {
        if (options.Out.Length > 0)
        {
            Directory.CreateDirectory(options.Out);
        }

        foreach (string name in options.Only)
        {
            output.WriteLine();
            if (name == "anomalies")
            {
                Anomalies.Show(options, output);
            }
            else
            {
                Comparison.Of(name, options).Show(options, output);
            }
        }
    }
}

/// <summary>What the program is asked to do.</summary>
internal sealed record SeriesOptions(IReadOnlyList<string> Only, int Epochs, string Out);
