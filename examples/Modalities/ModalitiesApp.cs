using Recurrent.Random;

namespace Recurrent.Examples.Modalities;

/// <summary>The program: forecast a shop's sales from a series, a calendar and images, and leave each of them out in
/// turn.</summary>
internal static class ModalitiesApp
{
    internal const string Help = """
        Forecasts what a made-up shop sells each day from three kinds of data in one model: the series of what was sold before,
        the calendar with weekdays and holidays, and an image of the price tag, a digit written by hand. Each is left out in turn.

          dotnet run -c Release --project examples/Modalities -- [options]

          --shops N          shops to learn from, four weeks each   (600)
          --units N          units of the recurrent layer           (32)
          --epochs N         how often every shop is seen           (25)
          --seed N           where all randomness comes from        (0)
          --draw FILE        draws the model as an HTML page
          --quick            few shops and epochs, to see that it works
          --help             this text
        """;

    private const int TestShops = 300;

    private static readonly (string Name, Modality Modalities)[] Contenders =
    [
        ("series, calendar, image", Modality.All),
        ("without the image", Modality.All & ~Modality.Image),
        ("without the calendar", Modality.All & ~Modality.Calendar),
        ("without the series", Modality.All & ~Modality.Series),
    ];

    private sealed record Options(int Shops, int Units, int Epochs, int Seed, string Drawing);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--shops", "--units", "--epochs", "--seed", "--draw"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--shops", quick ? 100 : 600, least: 1, most: 100000),
            line.Number("--units", quick ? 8 : 32, least: 1, most: 1024),
            line.Number("--epochs", quick ? 8 : 25, least: 1),
            line.Number("--seed", 0, least: 0),
            line.Text("--draw", string.Empty));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        (Digits trainingTags, Digits testTags) = Digits.Load();
        ShopDays training = ShopDays.Draw(options.Shops, trainingTags, SeededRandom.Key((ulong)options.Seed, 1));
        ShopDays test = ShopDays.Draw(TestShops, testTags, SeededRandom.Key((ulong)options.Seed, 2));
        output.WriteLine(
            $"{options.Shops} shops of {ShopDays.Days} days to learn from, {TestShops} others to test on, their tags unseen");
        output.WriteLine();
        output.WriteLine("Error on the test days (root mean square; sales have mean 0 and spread about 1)");
        output.WriteLine(Row("the mean of all days", test.Ignorance()));
        var errors = new List<double>();
        foreach ((string name, Modality modalities) in Contenders)
        {
            var forecaster = new ShopForecaster(modalities, options.Units, options.Seed);
            if (modalities == Modality.All && options.Drawing.Length > 0)
            {
                forecaster.Model.Draw(options.Drawing);
            }

            forecaster.Train(training, options.Epochs);
            errors.Add(forecaster.Error(test));
            output.WriteLine(Row(name, errors[^1]));
        }

        output.WriteLine(Row("who knows all rules", test.BestPossible()));
        output.WriteLine();
        int helpful = errors.Skip(1).Count(error => error > errors[0]);
        output.WriteLine(FormattableString.Invariant(
            $"Score: {errors[0]:0.000} with all three; {helpful} of {errors.Count - 1} are missed when they are left out."));
    }

    private static string Row(string name, double error) => FormattableString.Invariant($"  {name,-26} {error:0.000}");
}
