using System.Numerics.Tensors;
using Recurrent.Random;

namespace Recurrent.Examples.Dates;

/// <summary>The program: read dates with attention and without, and see where attention looks.</summary>
internal static class DatesApp
{
    internal const string Help = """
        Reads dates as people write them ("the 7th of march 2019") and says them in eight digits (20190307), with attention over
        the letters and without. It is known which letters say which digit, so it can be counted how often attention looks there.

          dotnet run -c Release --project examples/Dates -- [options]

          --dates N          dates to learn from                    (4000)
          --units N          units of the encoder in each direction, and half of the decoder's (32)
          --epochs N         how often every date is seen           (15)
          --seed N           where all randomness comes from        (0)
          --out FOLDER       where the picture goes                 (dates-out)
          --quick            few dates and epochs, to see that it works
          --help             this text
        """;

    private const int TestDates = 1000;
    private const int Shown = 12;

    private sealed record Options(int Dates, int Units, int Epochs, int Seed, string Folder);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--dates", "--units", "--epochs", "--seed", "--out"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--dates", quick ? 1500 : 4000, least: 100, most: 30000),
            line.Number("--units", quick ? 16 : 32, least: 1, most: 1024),
            line.Number("--epochs", quick ? 12 : 15, least: 1),
            line.Number("--seed", 0, least: 0),
            line.Text("--out", "dates-out"));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        string picture = Path.Combine(options.Folder, "attention.html");
        Directory.CreateDirectory(options.Folder);

        // Every day occurs once, so no date of the test was learned by heart, however it was written.
        WrittenDate[] all = WrittenDate.Draw(options.Dates + TestDates, SeededRandom.Key((ulong)options.Seed, 1));
        WrittenDate[] training = all[..options.Dates];
        WrittenDate[] test = all[options.Dates..];
        output.WriteLine(
            $"{training.Length} dates to learn from, {test.Length} other days to test on, written in {WrittenDate.Ways} ways:");
        IEnumerable<string> ways = Enumerable.Range(0, WrittenDate.Ways).Select(way => WrittenDate.Write(Sample, way).Text);
        output.WriteLine($"  {string.Join("  |  ", ways)}");
        output.WriteLine();
        output.WriteLine("On the test dates           digits right   whole dates right");

        var plain = new DateReader(options.Units, attention: false, options.Seed);
        plain.Train(training, options.Epochs);
        output.WriteLine(Row("without attention", plain, plain.Answer(test), test));
        var reader = new DateReader(options.Units, attention: true, options.Seed);
        reader.Train(training, options.Epochs);
        string[] answers = reader.Answer(test);
        output.WriteLine(Row("with attention", reader, answers, test));
        output.WriteLine();

        NDArray scores = reader.Look(test);
        bool[][] right = [.. test.Select((date, i) => Looks(date, scores[i]))];
        output.WriteLine("How often the greatest score is at a letter that says the digit, nobody having said where to look");
        output.WriteLine($"  {"digit",-12} {string.Concat(WrittenDate.Asked.Select(part => $"{part,7}"))}");
        output.WriteLine($"  {"attention",-12} {Shares(digit => right.Average(row => row[digit] ? 1.0 : 0.0))}");
        output.WriteLine($"  {"any letter",-12} {Shares(digit => test.Average(date => Chance(date, digit)))}");
        output.WriteLine();
        HeatMapPage.Write(picture, test[..Shown], answers[..Shown], scores[..Shown]);
        output.WriteLine($"A heat map of {Shown} test dates: {picture}");
        output.WriteLine();
        double share = right.Average(row => row.Average(hit => hit ? 1.0 : 0.0));
        output.WriteLine(FormattableString.Invariant(
            $"Score: the greatest score is at the right place in {share:0.000} of all cases."));
    }

    private static DateTime Sample => new(2019, 3, 7, 0, 0, 0, DateTimeKind.Unspecified);

    private static bool[] Looks(WrittenDate date, NDArray scores) =>
    [
        .. Enumerable.Range(0, WrittenDate.Asked.Length).Select(digit =>
        {
            int most = TensorPrimitives.IndexOfMax(scores.Values.AsSpan(digit * WrittenDate.Steps, WrittenDate.Steps));
            (int start, int length) = date.Place(digit).GetOffsetAndLength(date.Text.Length);
            return most >= start && most < start + length;
        }),
    ];

    /// <summary>How often a letter taken at random would be right.</summary>
    private static double Chance(WrittenDate date, int digit) =>
        (double)date.Place(digit).GetOffsetAndLength(date.Text.Length).Length / date.Text.Length;

    private static string Shares(Func<int, double> share) => string.Concat(
        Enumerable.Range(0, WrittenDate.Asked.Length).Select(digit => FormattableString.Invariant($"{share(digit),7:0.000}")));

    private static string Row(string name, DateReader reader, string[] answers, WrittenDate[] test)
    {
        double digits = test.Zip(answers)
            .Average(pair => pair.First.Answer.Zip(pair.Second, (a, b) => a == b ? 1.0 : 0.0).Average());
        double dates = test.Zip(answers, (date, said) => date.Answer == said ? 1.0 : 0.0).Average();
        return FormattableString.Invariant($"  {name,-22} {digits,13:0.000} {dates,19:0.000}   ({reader.Weights} weights)");
    }
}
