using System.Text;
using Recurrent.Random;

namespace Recurrent.Examples.MovingDigits;

/// <summary>The program: tell digits and directions from films by convolution and a GRU, and by networks that lack one of
/// them.</summary>
internal static class MovingDigitsApp
{
    internal const string Help = """
        Watches films of handwritten digits that move, many pixels of each frame missing, and says which digit it was and where
        it went: by convolution, then a GRU; and, to compare, without the order of the frames, and without convolution.

          dotnet run -c Release --project examples/MovingDigits -- [options]

          --units N          units of a frame and of the GRU        (64)
          --epochs N         how often every image makes a film     (40)
          --seed N           where all randomness comes from        (0)
          --quick            few units and epochs, to see that it works
          --help             this text
        """;

    private static readonly (string Name, bool Convolution, bool Memory)[] Contenders =
    [
        ("convolution, GRU", true, true),
        ("convolution, mean of frames", true, false),
        ("no convolution, GRU", false, true),
    ];

    private sealed record Options(int Units, int Epochs, int Seed);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--units", "--epochs", "--seed"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--units", quick ? 16 : 64, least: 1, most: 1024),
            line.Number("--epochs", quick ? 2 : 40, least: 1),
            line.Number("--seed", 0, least: 0));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        (Digits training, Digits test) = Digits.Load();
        MovingImages films = MovingImages.Draw(test, SeededRandom.Key((ulong)options.Seed, 2));
        output.WriteLine(
            $"{training.Count} images make films to learn from, {test.Count} others films to test on: "
            + $"{MovingImages.Frames} frames of {MovingImages.Size} × {MovingImages.Size} pixels");
        output.WriteLine();
        string where = MovingImages.Directions[(int)films.Direction.Values[0]];
        output.WriteLine($"The first test film, a {films.Digit.Values[0]} that goes {where}:");
        output.Write(Draw(films));
        output.WriteLine();
        output.WriteLine("Accuracy on the test films       digit   direction");
        var accuracies = new List<(double Digit, double Direction)>();
        foreach ((string name, bool convolution, bool memory) in Contenders)
        {
            var reader = new FilmReader(convolution, memory, options.Units, options.Seed);
            reader.Train(training, options.Epochs);
            accuracies.Add(reader.Accuracy(films));
            output.WriteLine(Row(name, accuracies[^1], $"   ({reader.Weights} weights)"));
        }

        output.WriteLine(Row("chance", (1.0 / Digits.Classes, 1.0 / MovingImages.Directions.Length), string.Empty));
        output.WriteLine();
        (double digit, double direction) = accuracies[0];
        output.WriteLine(FormattableString.Invariant(
            $"Score: by convolution, then a GRU: digit {digit:0.000}, direction {direction:0.000}."));
    }

    private static string Row(string name, (double Digit, double Direction) accuracy, string after) =>
        FormattableString.Invariant($"  {name,-28} {accuracy.Digit,7:0.000} {accuracy.Direction,11:0.000}{after}");

    /// <summary>The first, a middle and the last frame of the first film, side by side.</summary>
    private static string Draw(MovingImages films)
    {
        var text = new StringBuilder();
        for (int row = 0; row < MovingImages.Size; row++)
        {
            foreach (int frame in (int[])[0, MovingImages.Frames / 2, MovingImages.Frames - 1])
            {
                text.Append("  ");
                for (int column = 0; column < MovingImages.Size; column++)
                {
                    float brightness = films.X[0, frame, row, column];
                    text.Append(brightness > 0.6f ? "##" : brightness > 0.2f ? "::" : " .");
                }
            }

            text.AppendLine();
        }

        return text.ToString();
    }
}
