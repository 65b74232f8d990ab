using System.Globalization;
using System.Numerics.Tensors;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Shapes;

namespace Recurrent.Examples.SequenceClassification;

/// <summary>The program: train two networks on the digits, and score them beside a nearest neighbour.</summary>
internal static class ClassificationApp
{
    internal const string Help = """
        Classifies handwritten digits that are read row by row, with a SimpleRNN and with a GRU, and compares their accuracy with
        that of the nearest neighbour among the training images.

          dotnet run -c Release --project examples/SequenceClassification -- [options]

          --units N          units of the recurrent layer           (128)
          --epochs N         how often every image is seen          (60)
          --seed N           where all randomness comes from        (0)
          --seeds N          networks of each kind to train         (3)
          --quick            few units, epochs and seeds, to see that it works
          --help             this text
        """;

    private const int BatchSize = 32;

    // Both dropouts, the learning rate and the epochs were chosen on the last quarter of the training images.
    private const double RecurrentDropout = 0.2;

    private sealed record Options(int Units, int Epochs, int Seed, int Seeds);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--units", "--epochs", "--seed", "--seeds"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--units", quick ? 16 : 128, least: 1, most: 4096),
            line.Number("--epochs", quick ? 5 : 60, least: 1),
            line.Number("--seed", 0, least: 0),
            line.Number("--seeds", quick ? 1 : 3, least: 1));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        (Digits training, Digits test) = Digits.Load();
        output.WriteLine($"{training.Count} images to train on, {test.Count} to test on; each is a sequence of {Digits.Size} "
            + $"rows of {Digits.Size} pixels");
        output.WriteLine();
        output.WriteLine("Accuracy on the test images");
        double baseline = Accuracy(new NearestNeighbour(training).Classify(test), test);
        Shape image = (Digits.Size, Digits.Size);
        TrainAll("SimpleRNN", () => new SimpleRNN(options.Units, recurrentDropout: RecurrentDropout, inputShape: image), options,
            training, test, output);
        int[] said = TrainAll("GRU", () => new GRU(options.Units, recurrentDropout: RecurrentDropout, inputShape: image), options,
            training, test, output);
        output.WriteLine(Row("nearest neighbour", baseline));
        output.WriteLine();
        output.WriteLine("Confusions of the GRUs together: rows are the truth, columns what they say");
        WriteConfusions(test.Labels, said, output);
        output.WriteLine();
        double accuracy = Accuracy(said, test);
        string verdict = accuracy > baseline ? "above" : accuracy < baseline ? "below" : "equal to";
        output.WriteLine(
            FormattableString.Invariant($"Score: GRU {accuracy:0.000}, {verdict} the nearest neighbour's {baseline:0.000}."));
    }

    /// <summary>Trains as many networks of a kind as there are seeds, scores each and all together, and returns what they say
    /// together.</summary>
    private static int[] TrainAll(string name, Func<Layer> recurrent, Options options, Digits training, Digits test,
        TextWriter output)
    {
        float[][] outputs = [.. Enumerable.Range(options.Seed, options.Seeds)
            .Select(seed => Train(recurrent(), seed, options, training).Predict(test.X).Values)];
        double[] single = [.. outputs.Select(probabilities => Accuracy(Likeliest(probabilities), test))];

        // Networks err in different places: the mean of their probabilities errs less than one alone.
        int[] together =
            Likeliest(
            [.. Enumerable.Range(0, outputs[0].Length).Select(i => outputs.Average(probabilities => probabilities[i]))]);
        output.WriteLine(Row($"{name}({options.Units}), alone", single.Average())
            + "   mean of "
            + string.Join(", ", single.Select(accuracy => accuracy.ToString("0.000", CultureInfo.InvariantCulture))));
        output.WriteLine(Row($"{name}({options.Units}), {options.Seeds} together", Accuracy(together, test)));
        return together;
    }

    private static Sequential Train(Layer recurrent, int seed, Options options, Digits training)
    {
        var model = new Sequential(seed: seed);
        model.Add(recurrent);
        model.Add(new Dropout(0.3));
        model.Add(new Dense(Digits.Classes, activation: "softmax"));

        // The learning rate falls to nothing, so that the last updates no longer throw the network about.
        int updates = options.Epochs * ((training.Count + BatchSize - 1) / BatchSize);
        model.Compile(new Adam(new CosineDecay(0.003, updates), globalClipNorm: 1), "sparse_categorical_crossentropy");
        model.Fit(training.X, training.Y, options.Epochs, BatchSize, verbose: Verbosity.Silent);
        return model;
    }

    /// <summary>The class with the greatest probability, for each image.</summary>
    private static int[] Likeliest(float[] probabilities) =>
    [
        .. Enumerable.Range(0, probabilities.Length / Digits.Classes)
            .Select(i => TensorPrimitives.IndexOfMax(probabilities.AsSpan(i * Digits.Classes, Digits.Classes))),
    ];

    private static string Row(string name, double accuracy) => FormattableString.Invariant($"  {name,-27} {accuracy:0.000}");

    private static double Accuracy(int[] said, Digits digits) => said.Zip(digits.Labels, (a, b) => a == b ? 1.0 : 0.0).Average();

    private static void WriteConfusions(int[] truth, int[] said, TextWriter output)
    {
        output.WriteLine("    " + string.Concat(Enumerable.Range(0, Digits.Classes).Select(Cell)));
        for (int digit = 0; digit < Digits.Classes; digit++)
        {
            int row = digit;
            IEnumerable<string> counts = Enumerable.Range(0, Digits.Classes)
                .Select(other => truth.Zip(said).Count(pair => pair == (row, other)))
                .Select(count => count == 0 ? "   ·" : Cell(count));
            output.WriteLine(Cell(digit) + string.Concat(counts));
        }
    }

    private static string Cell(int number) => FormattableString.Invariant($"{number,4}");
}
