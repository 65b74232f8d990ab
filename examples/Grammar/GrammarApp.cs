using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Streaming;

namespace Recurrent.Examples.Grammar;

/// <summary>The program: a stateful network reads endless streams piece by piece, and predicts another one symbol by
/// symbol.</summary>
internal static class GrammarApp
{
    internal const string Help = """
        Predicts the next symbol of an endless stream of embedded Reber strings. A stateful network is trained with truncated
        backpropagation through time: on pieces that cut the strings anywhere, with its state carried from piece to piece.

          dotnet run -c Release --project examples/Grammar -- [options]

          --model M          lstm, gru or simplernn                                    (lstm)
          --units N          units of the recurrent layer                              (32)
          --piece N          steps to an update, which are as far as gradients go back (20)
          --symbols N        symbols of each of the 32 streams to train on             (20000)
          --test N           symbols of the stream to test on                          (20000)
          --seed N           where all randomness comes from                           (0)
          --quick            few units and symbols, to see that it works
          --help             this text
        """;

    private const int Streams = 32;
    private const int ChapterSteps = 1000;
    private const int Classes = 7;

    // Symbols to read before any prediction counts: from the first B alone nobody can tell an outer one from an inner one.
    private const int WarmUp = 100;

    private sealed record Options(string Model, int Units, int Piece, int Chapters, int Test, int Seed);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--model", "--units", "--piece", "--symbols", "--test", "--seed"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Choice("--model", "lstm", "gru", "simplernn"),
            line.Number("--units", quick ? 8 : 32, least: 1, most: 4096),
            line.Number("--piece", 20, least: 1, most: ChapterSteps),
            (line.Number("--symbols", quick ? 2000 : 20000, least: 1) + ChapterSteps - 1) / ChapterSteps,
            line.Number("--test", quick ? 1000 : 20000, least: 100),
            line.Number("--seed", 0, least: 0));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        Sequential model = Build(options);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Streams} streams of {options.Chapters * ChapterSteps} symbols to train on, in pieces of {options.Piece}; then "
            + $"{options.Test} symbols of another stream"));
        output.WriteLine();
        Train(model, options, output);
        output.WriteLine();
        Test(model, options, output);
    }

    private static Sequential Build(Options options)
    {
        // Stateful: stream b of a call goes on where stream b of the last call ended.
        var model = new Sequential(seed: options.Seed);
        model.Add(new Input((null, Classes)));
        model.Add(options.Model switch
        {
            "lstm" => new LSTM(options.Units, returnSequences: true, stateful: true),
            "gru" => new GRU(options.Units, returnSequences: true, stateful: true),
            _ => (Layer)new SimpleRNN(options.Units, returnSequences: true, stateful: true),
        });
        model.Add(new Dense(Classes));
        model.Compile(new Adam(0.005, globalClipNorm: 1), new SparseCategoricalCrossentropy(fromLogits: true));
        return model;
    }

    /// <summary>
    /// The streams come in chapters, of which only one is in memory. Each is cut into pieces with an update after each: gradients
    /// end where a piece begins, states go on from piece to piece and from chapter to chapter.
    /// </summary>
    private static void Train(Sequential model, Options options, TextWriter output)
    {
        ReberStream[] streams = [.. Enumerable.Range(0, Streams).Select(i => Stream(options.Seed, i))];
        var last = new char[Streams];
        for (int i = 0; i < Streams; i++)
        {
            last[i] = streams[i].Next().Symbol;
        }

        for (int chapter = 1; chapter <= options.Chapters; chapter++)
        {
            (NDArray x, NDArray y) = Read(streams, last);
            History history = model.Fit(x, y, batchSize: Streams, truncatedSteps: options.Piece, verbose: Verbosity.Silent);
            if (chapter % Math.Max(1, options.Chapters / 10) == 0)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  after {chapter * ChapterSteps,6} symbols of "
                    + $"each stream: loss {history["loss"][0]:0.0000}"));
            }
        }
    }

    /// <summary>The next chapter of all streams: symbols as one-hot vectors, and which symbol follows each.</summary>
    private static (NDArray X, NDArray Y) Read(ReberStream[] streams, char[] last)
    {
        var x = new NDArray(Streams, ChapterSteps, Classes);
        var y = new NDArray(Streams, ChapterSteps, 1);
        for (int i = 0; i < Streams; i++)
        {
            for (int t = 0; t < ChapterSteps; t++)
            {
                x[i, t, ReberStream.Index(last[i])] = 1;
                last[i] = streams[i].Next().Symbol;
                y[i, t, 0] = ReberStream.Index(last[i]);
            }
        }

        return (x, y);
    }

    /// <summary>Predicts a stream that it has not seen, symbol by symbol: once as it is, once with a state that is lost at every
    /// piece.</summary>
    private static void Test(Sequential model, Options options, TextWriter output)
    {
        // The network was trained on 32 streams at a time; a session takes one.
        StreamingSession carried = model.OpenSession();
        StreamingSession lost = model.OpenSession();
        var score = new Score();
        var scoreOfLost = new Score();
        ReberStream stream = Stream(options.Seed, Streams);
        char symbol = stream.Next().Symbol;
        var logits = new float[Classes];
        for (int t = -WarmUp; t < options.Test; t++)
        {
            var x = new float[Classes];
            x[ReberStream.Index(symbol)] = 1;
            ReberSymbol next = stream.Next();
            symbol = next.Symbol;
            carried.Step(x, logits);
            if (t < 0)
            {
                continue;
            }

            score.Add(logits, next);
            if (t % options.Piece == 0)
            {
                lost.Reset();
            }

            lost.Step(x, logits);
            scoreOfLost.Add(logits, next);
        }

        output.WriteLine("                           legal symbols the likeliest   the symbol from far back");
        WriteRow("state carried", score);
        WriteRow("state lost at every piece", scoreOfLost);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The loss of perfect predictions is "
            + $"{score.LeastLoss:0.0000}: what the grammar leaves open nobody can know."));
        output.WriteLine(score.FirstFault is int fault
            ? FormattableString.Invariant($"Score: {score.Legal:0.0000}; the first fault comes after {fault} symbols.")
            : FormattableString.Invariant($"Score: {score.Legal:0.0000}; no fault in {options.Test} symbols."));

        void WriteRow(string name, Score row) =>
            output.WriteLine(FormattableString.Invariant($"{name,-26} {row.Legal,27:0.0000} {row.Echo,26:0.0000}"));
    }

    private static ReberStream Stream(int seed, int index) =>
        new(SeededRandom.Key(SeededRandom.Key((ulong)seed, 1), (ulong)index));
}
