using System.Diagnostics;
using System.Globalization;
using Recurrent.Inspection;

namespace Recurrent.Examples.AddingProblem;

/// <summary>The program: every contender at every length, a table, and pictures of the gradient.</summary>
internal static class AddingApp
{
    internal const string Help = """
        The adding problem: sequences of 100 and of 200 numbers, two of them marked, whose sum is asked for at the end. A
        SimpleRNN does not learn it, networks with gates do, and the flow of the gradient through time shows why.

          dotnet run -c Release --project examples/AddingProblem -- [options]

          --cells LIST       networks to train, with commas between them                            (all)
          --length N         length of the sequences, in place of 100 and 200
          --units N          units of the recurrent layer                                           (32)
          --steps N          most updates to train; a network that has learned the task stops early (3000)
          --seed N           where all randomness comes from                                        (0)
          --out FOLDER       for the pictures of the gradient       (recurrent-adding in the folder for temporary files)
          --quick            short sequences and few updates, to see that it works
          --help             this text
        """;

    internal const double Solved = 0.01;

    // The pictures are of these two: what they show is the same for the others.
    private static readonly string[] Pictured = ["SimpleRNN", "LSTM"];

    private sealed record Options(Contender[] Cells, int[] Lengths, int Units, int Steps, int Seed, string Out);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--cells", "--length", "--units", "--steps", "--seed", "--out"], ["--quick"]);
        bool quick = line.Has("--quick");
        int length = line.Number("--length", quick ? 10 : 0, least: 2);
        var options = new Options(
            [.. line.Choices("--cells", [.. Contender.All.Select(c => c.Name)])
                .Select(name => Contender.All.First(c => c.Name == name))],
            length > 0 ? [length] : [100, 200],
            line.Number("--units", quick ? 8 : 32, least: 1, most: 4096),
            line.Number("--steps", quick ? 100 : 3000, least: 1),
            line.Number("--seed", 0, least: 0),
            line.Text("--out", Path.Combine(Path.GetTempPath(), "recurrent-adding")));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        Directory.CreateDirectory(options.Out);
        var clock = Stopwatch.StartNew();
        foreach (int length in options.Lengths)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Sequences of {length} numbers. Always answering 1 gives a test MSE of {AddingSequences.Ignorance:0.000}; "
                + $"below {Solved} is solved."));
            output.WriteLine("  network       weights   updates   test MSE            gradient at the first step / at the last");
            output.WriteLine("                                                              before training   after training");
            string[] solved = [.. options.Cells.Where(cell => IsSolved(cell, length, options, output)).Select(cell => cell.Name)];
            output.WriteLine($"Score: {solved.Length} of {options.Cells.Length} solve "
                + $"it{(solved.Length > 0 ? $": {string.Join(", ", solved)}" : string.Empty)}.");
            output.WriteLine();
        }

        output.WriteLine("""
            Before training hardly any gradient reaches the first step of any network: it shrinks at each step on its way back. A
            gate that stays open lets it pass as it is, and training learns to keep gates open, first for late marks, then for
            early ones.
            A SimpleRNN has no gate to open: the first mark goes unseen, and all it can do is guess.
            """);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Pictures of the gradient at each step: {options.Out}. "
            + $"All took {clock.Elapsed.TotalSeconds:0} s."));
    }

    private static bool IsSolved(Contender cell, int length, Options options, TextWriter output)
    {
        var trial = new Trial(cell, length, options.Units, options.Seed);
        double before = Ratio(trial.GradientFlow(), "before");
        int steps = trial.Train(options.Steps);
        double error = trial.Test();
        double after = Ratio(trial.GradientFlow(), "after");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {cell.Name,-12} {trial.Weights,8} {steps,9} {error,10:0.0000}   "
            + $"{(error < Solved ? "solved" : "not solved"),-10} {before,18:0.0e+00} {after,16:0.0e+00}"));
        return error < Solved;

        double Ratio(GradientFlow flow, string when)
        {
            if (Pictured.Contains(cell.Name))
            {
                flow.Save(Path.Combine(options.Out, FormattableString.Invariant($"{cell.Name}-{length}-{when}.html")));
            }

            return flow.Layers[0].FirstOverLast;
        }
    }
}
