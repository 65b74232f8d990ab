using System.Globalization;
using System.Numerics.Tensors;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Examples.Transfer;

/// <summary>The program: an encoder that learned to draw images again, without labels, helps to classify with few
/// labels.</summary>
internal static class TransferApp
{
    internal const string Help = """
        Trains an encoder, a GRU that reads the rows of handwritten digits, by drawing them again from what it remembers: no
        label is needed. Then takes it over to telling the digits with a few labels: frozen under a new end, then trained on.
        Beside it the same network that begins from nothing.

          dotnet run -c Release --project examples/Transfer -- [options]

          --units N          units of the encoder                   (64)
          --epochs N         how often every image is drawn again   (40)
          --seed N           where all randomness comes from        (0)
          --draws N          choices of the images with labels      (5)
          --quick            few units, epochs and draws, to see that it works
          --help             this text
        """;

    private const int BatchSize = 16;
    private const string Encoder = "encoder";

    private static readonly int[] Few = [1, 2, 5, 10, 30];

    private sealed record Options(int Units, int Epochs, int HeadEpochs, int Seed, int Draws);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--units", "--epochs", "--seed", "--draws"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--units", quick ? 16 : 64, least: 1, most: 1024),
            line.Number("--epochs", quick ? 5 : 40, least: 1),
            quick ? 10 : 60,
            line.Number("--seed", 0, least: 0),
            line.Number("--draws", quick ? 1 : 5, least: 1));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        (Digits training, Digits test) = Digits.Load();
        Model painter = NewPainter(options);
        Train(painter, training.X, training.X, options.Epochs, 0.004, "mse", 32);
        double mean = training.X.Values.Average();
        double grey = test.X.Values.Average(v => (v - mean) * (v - mean));
        double drawn = painter.Evaluate(test.X, test.X)["loss"];
        output.WriteLine(FormattableString.Invariant(
            $"A GRU({options.Units}) learned to draw {training.Count} images again from its last state, without their labels."));
        output.WriteLine(FormattableString.Invariant(
            $"Mean squared error on {test.Count} others: {drawn:0.0000}; always grey: {grey:0.0000}."));
        output.WriteLine();
        output.WriteLine($"Accuracy in telling the digits of these {test.Count}, mean of {options.Draws} choices of the labels");
        output.WriteLine("  labels of each   from nothing   frozen, new end   then all trained");
        var better = new List<string>();
        foreach (int each in Few)
        {
            double[][] accuracies =
                [.. Enumerable.Range(0, options.Draws).Select(draw => Compare(painter, each, draw, options, training, test))];
            double[] means = [.. Enumerable.Range(0, 3).Select(i => accuracies.Average(row => row[i]))];
            output.WriteLine(FormattableString.Invariant(
                $"  {each,14}{means[0],15:0.000}{means[1],18:0.000}{means[2],19:0.000}"));
            if (means[1] > means[0])
            {
                better.Add(each.ToString(CultureInfo.InvariantCulture));
            }
        }

        output.WriteLine();
        string helped = better.Count == 0 ? "none" : string.Join(", ", better);
        output.WriteLine($"Score: the frozen encoder is ahead of a beginning from nothing with so many labels: {helped}.");
    }

    /// <summary>The accuracies from nothing, with the frozen encoder, and after it is trained on.</summary>
    private static double[] Compare(Model painter, int each, int draw, Options options, Digits training, Digits test)
    {
        LabelledImages few = LabelledImages.Few(training, each, SeededRandom.Key((ulong)options.Seed, (ulong)draw + 10));
        int seed = options.Seed + 1 + draw;
        var rows = new Input((Digits.Size, Digits.Size));
        var scratch = new Model(rows, Head(new GRU(options.Units).Call(rows)), seed: seed);
        TrainHead(scratch, few, options, 0.003);

        // A copy, so that training it on leaves the encoder as it was for the next comparison.
        Model copy = painter.Clone();
        Layer encoder = copy.GetLayer(Encoder);
        encoder.Trainable = false;
        var taken = new Model(copy.Inputs, Head(encoder.Output), seed: seed);
        TrainHead(taken, few, options, 0.01);
        double frozen = Accuracy(taken, test);

        // What is trained is decided when a model is compiled. Small steps, so that little is forgotten.
        encoder.Trainable = true;
        TrainHead(taken, few, options, 0.001);
        return [Accuracy(scratch, test), frozen, Accuracy(taken, test)];
    }

    private static Model NewPainter(Options options)
    {
        var rows = new Input((Digits.Size, Digits.Size));
        Symbol memory = new GRU(options.Units, name: Encoder).Call(rows);
        Symbol painted = new GRU(options.Units, returnSequences: true).Call(new RepeatVector(Digits.Size).Call(memory));
        return new Model(rows, new Dense(Digits.Size, "sigmoid").Call(painted), seed: options.Seed);
    }

    private static Symbol Head(Symbol memory) => new Dense(Digits.Classes, "softmax").Call(new Dropout(0.2).Call(memory));

    private static void TrainHead(Model model, LabelledImages few, Options options, double rate) =>
        Train(model, few.X, few.Y, options.HeadEpochs, rate, "sparse_categorical_crossentropy", BatchSize);

    private static void Train(Model model, NDArray x, NDArray y, int epochs, double rate, string loss, int batchSize)
    {
        int updates = epochs * ((x.Shape[0] + batchSize - 1) / batchSize);
        model.Compile(new Adam(new CosineDecay(rate, updates), globalClipNorm: 1), loss);
        model.Fit(x, y, epochs, batchSize, verbose: Verbosity.Silent);
    }

    private static double Accuracy(Model model, Digits digits)
    {
        IEnumerable<int> said = model.Predict(digits.X).Values
            .Chunk(Digits.Classes).Select(chances => TensorPrimitives.IndexOfMax<float>(chances));
        return said.Zip(digits.Labels, (a, b) => a == b ? 1.0 : 0.0).Average();
    }
}
