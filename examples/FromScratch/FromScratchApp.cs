using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Streaming;

namespace Recurrent.Examples.FromScratch;

/// <summary>The program: the same network by hand and from the library, trained side by side, then at work.</summary>
internal static class FromScratchApp
{
    internal const string Help = """
        Trains a plain recurrent network on random sequences of integers, once in plain loops and once with the library: gradients
        and losses agree. Then the network goes on with sequences that it has not seen.

          dotnet run -c Release --project examples/FromScratch -- [options]

          --sequences KIND   counting (a start and a stride for each sequence) or independent (nothing to learn)  (counting)
          --epochs N         how often every sequence is seen                                                     (2000)
          --seed N           where all randomness comes from                                                      (0)
          --quick            a few epochs, to see that it works
          --help             this text
        """;

    private const int Sequences = 100;
    private const int Units = 5;
    private const int BatchSize = 1;
    private const double LearningRate = 0.01;
    private const int Given = 4;

    private sealed record Options(string Kind, int Epochs, int Seed);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--sequences", "--epochs", "--seed"], ["--quick"]);
        var options = new Options(
            line.Choice("--sequences", "counting", "independent"),
            line.Number("--epochs", line.Has("--quick") ? 20 : 2000, least: 1),
            line.Number("--seed", 0, least: 0));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        IntegerSequences training = Draw(options, Sequences, purpose: 1);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Sequences} sequences of {IntegerSequences.Steps} steps ({options.Kind}), {Units} units, learning rate "
            + $"{LearningRate}"));
        output.WriteLine($"  such as {Text(training, 0, 0, IntegerSequences.Steps + 1)}");

        // The library's network, and one by hand that starts from the same weights.
        var model = new Sequential(seed: options.Seed);
        model.Add(new SimpleRNN(Units, returnSequences: true, inputShape: (IntegerSequences.Steps, 1)));
        model.Add(new TimeDistributed(new Dense(1)));
        model.Compile(new SGD(LearningRate), "mse");
        Weights weights = Weights.From(model.GetWeights());
        var byHand = new HandWrittenNetwork(weights);

        output.WriteLine();
        CompareGradients(model, byHand, training, output);
        output.WriteLine();
        CompareTraining(model, byHand, weights, training, options.Epochs, output);
        output.WriteLine();
        Generate(model, Draw(options, Sequences, purpose: 2), output);
    }

    private static IntegerSequences Draw(Options options, int count, ulong purpose)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)options.Seed, purpose));
        return options.Kind == "counting" ? IntegerSequences.Counting(count, random)
            : IntegerSequences.Independent(count, random);
    }

    /// <summary>Backpropagation through time by hand beside one call of the library's.</summary>
    private static void CompareGradients(Sequential model, HandWrittenNetwork byHand, IntegerSequences data, TextWriter output)
    {
        Weights ours = byHand.Backpropagate(data.X, data.Y).Gradient;
        Weights theirs = Weights.From(model.ComputeGradients(data.X, data.Y));
        output.WriteLine("Gradient   largest by hand   largest difference from the library's");
        foreach ((string name, double largest, double difference) in ours.Compare(theirs))
        {
            output.WriteLine(FormattableString.Invariant($"  {name,-6} {largest,17:0.000000} {difference,39:0.0e+00}"));
        }

        double ratio = ours.Compare(theirs).Max(row => row.Difference) / ours.Compare(theirs).Max(row => row.Largest);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"They agree to {ratio:0.0e+00} of the largest entry: the library rounds to single precision (6e-08), the loops "
            + $"to double."));
    }

    /// <summary>Gradient descent by hand, then by <c>Fit</c>, over the same batches in the same order.</summary>
    private static void CompareTraining(
        Sequential model, HandWrittenNetwork byHand, Weights weights, IntegerSequences data, int epochs, TextWriter output)
    {
        (NDArray X, NDArray Y)[] batches =
            [.. Enumerable.Range(0, data.Count / BatchSize)
                .Select(i => (data.X.Slice(i * BatchSize, BatchSize), data.Y.Slice(i * BatchSize, BatchSize)))];
        var ours = new double[epochs];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            foreach ((NDArray x, NDArray y) in batches)
            {
                (double loss, Weights gradient) = byHand.Backpropagate(x, y);
                weights.Descend(gradient, LearningRate);
                ours[epoch] += loss / batches.Length;
            }
        }

        History history = model.Fit(data.X, data.Y, epochs, BatchSize, shuffle: false, verbose: Verbosity.Silent);
        IReadOnlyList<double> theirs = history["loss"];
        output.WriteLine("Epoch   loss by hand   loss of the library");
        for (int row = 0; row <= 10; row++)
        {
            int epoch = row * (epochs - 1) / 10;
            output.WriteLine(FormattableString.Invariant($"{epoch + 1,5} {ours[epoch],14:0.000000} {theirs[epoch],21:0.000000}"));
        }

        double apart = ours.Zip(theirs, (a, b) => Math.Abs(a - b) / a).Max();
        output.WriteLine(
            FormattableString.Invariant($"The two curves are never further apart than {apart:0.0e+00} of the loss."));
        output.WriteLine(FormattableString.Invariant(
            $"Variance of the targets: {IntegerSequences.Variance(data.Y):0.000}, the loss of always answering their mean."));
    }

    /// <summary>The network goes on with sequences: what it says is rounded and is its next input.</summary>
    private static void Generate(Sequential model, IntegerSequences fresh, TextWriter output)
    {
        output.WriteLine($"Sequences that it has not seen: {Given} integers are given, the rest is generated");
        int length = IntegerSequences.Steps + 1;
        int right = 0;
        int repeated = 0;
        float said = 0;
        for (int i = 0; i < fresh.Count; i++)
        {
            // A session keeps the network's state from one step to the next.
            StreamingSession session = model.OpenSession();
            var integers = new List<int>();
            while (integers.Count < length)
            {
                int t = integers.Count;
                int integer = t < Given ? fresh.Integers[i, t] : IntegerSequences.ToInteger(said);
                integers.Add(integer);
                said = session.Step((float)IntegerSequences.ToInput(integer))[0];
            }

            right += Enumerable.Range(Given, length - Given).Count(t => integers[t] == fresh.Integers[i, t]);
            repeated += Enumerable.Range(Given, length - Given).Count(t => fresh.Integers[i, Given - 1] == fresh.Integers[i, t]);
            if (i < 5)
            {
                output.WriteLine($"  {Text(fresh, i, 0, Given)} |{string.Concat(integers.Skip(Given).Select(Cell))}    "
                    + $"truth{Text(fresh, i, Given, length)}");
            }
        }

        int all = fresh.Count * (length - Given);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Score: {100.0 * right / all:0.0} % of {all} generated integers are right; repeating the last given one is right "
            + $"for {100.0 * repeated / all:0.0} %."));
    }

    private static string Text(IntegerSequences data, int sequence, int start, int end) =>
        string.Concat(Enumerable.Range(start, end - start).Select(t => Cell(data.Integers[sequence, t])));

    private static string Cell(int integer) => FormattableString.Invariant($"{integer,4}");
}
