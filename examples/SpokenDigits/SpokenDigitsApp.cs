using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Labelling;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Examples.SpokenDigits;

/// <summary>The program: a network that hears digits one after the other, trained with CTC, and voices that it has never
/// heard.</summary>
internal static class SpokenDigitsApp
{
    internal const string Help = """
        Hears digits, one to four of them one after the other, without being told where each begins: trained with CTC on some
        voices, tested on others. The voices are made here; or they come from espeak-ng, or from a folder of recordings.

          dotnet run -c Release --project examples/SpokenDigits -- [options]

          --espeak PROGRAM   voices of espeak-ng, by the name of the program
          --data FOLDER      voices of WAV files called DIGIT_SPEAKER_ANYTHING.wav
          --voices N         voices made here, every fourth for the test      (32)
          --units N          units of the recurrent layer, each way           (48)
          --utterances N     utterances to train on                           (600)
          --epochs N         passes over them                                 (16)
          --seed N           where all randomness comes from                  (0)
          --quick            few voices and passes, to see that it works
          --help             this text
        """;

    private sealed record Options(string Espeak, string Data, int Voices, int Units, int Utterances, int Epochs, int Seed);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(
            args, ["--espeak", "--data", "--voices", "--units", "--utterances", "--epochs", "--seed"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Text("--espeak", string.Empty),
            line.Text("--data", string.Empty),
            line.Number("--voices", quick ? 8 : 32, least: 4, most: 1000),
            line.Number("--units", quick ? 24 : 48, least: 1, most: 1024),
            line.Number("--utterances", quick ? 160 : 600, least: 20),
            line.Number("--epochs", quick ? 12 : 16, least: 1),
            line.Number("--seed", 0, least: 0));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        Speaker[] speakers = options.Data.Length > 0 ? Speakers.OfFolder(options.Data)
            : options.Espeak.Length > 0 ? Speakers.OfProgram(options.Espeak, 3)
            : Speakers.Made(options.Voices, 3, options.Seed);
        Speaker[] heard = [.. speakers.Where((_, i) => i % 4 != 3)];
        Speaker[] others = [.. speakers.Where((_, i) => i % 4 == 3)];
        if (others.Length == 0)
        {
            throw new UsageException($"There are {speakers.Length} speakers with all ten digits; at least 4 are needed.");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Utterances} utterances of 1 to 4 digits by {heard.Length} voices to train on; {others.Length} other "
                + $"voices to "
            + $"test on"));
        Sequential model = Learn(options, heard, output);
        output.WriteLine();

        var random = new SeededRandom(SeededRandom.Key((ulong)options.Seed, 9));
        Utterance[] singles = [.. others.SelectMany(speaker => speaker.Recordings.SelectMany(
            (takes, digit) => takes.Select(take => Utterance.Of(take, digit))))];
        Utterance[] strings = [.. Enumerable.Range(0, 100).Select(_ => Utterance.Draw(others, ref random, 4, 4))];
        output.WriteLine("                         one digit: right   four digits: all right   each right");
        double best = Row("greedy", new CTCDecoder());
        Row("beam of 20", new CTCDecoder("beam_search", beamWidth: 20));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Score: {best:0.0000} of single digits by other voices"));

        double Row(string name, CTCDecoder decoder)
        {
            int[][] one = Hear(model, decoder, singles);
            int[][] four = Hear(model, decoder, strings);
            double right = Right(one, singles);
            double errors = TextScores.TokenErrorRate(four, strings.Select(utterance => utterance.Digits));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {name,-12} {right,26:0.000} {Right(four, strings),24:0.000} {1 - errors,12:0.000}"));
            return right;
        }
    }

    private static Sequential Learn(Options options, Speaker[] heard, TextWriter output)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)options.Seed, 1));
        Utterance[] training = [.. Enumerable.Range(0, options.Utterances).Select(_ => Utterance.Draw(heard, ref random, 1, 4))];
        var model = new Sequential(seed: options.Seed);
        model.Add(new Bidirectional(new GRU(options.Units, returnSequences: true), inputShape: ((int?)null, 26)));
        model.Add(new Dense(11));                                             // class 0 is the blank, a digit d is d + 1
        model.Compile(new Adam(0.005, globalClipNorm: 5), "ctc");
        RaggedSequences labels = new(training.Select(
            utterance => new NDArray([utterance.Digits.Length], [.. utterance.Digits.Select(digit => digit + 1f)])));
        History history = model.Fit(
            Frames(training), labels, epochs: options.Epochs, batchSize: 16, verbose: Verbosity.Silent);
        for (int epoch = 0; epoch < options.Epochs; epoch += Math.Max(1, options.Epochs / 4))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  after {epoch + 1,2} passes: loss {history["loss"][epoch]:0.000}"));
        }

        return model;
    }

    private static int[][] Hear(Sequential model, CTCDecoder decoder, Utterance[] utterances) =>
        [.. decoder.Decode(model.Predict(Frames(utterances))).Select(found => found.Labels.Select(label => label - 1).ToArray())];

    private static RaggedSequences Frames(Utterance[] utterances) => new(utterances.Select(utterance => utterance.Features()));

    private static double Right(int[][] found, Utterance[] utterances) =>
        found.Zip(utterances, (digits, utterance) => digits.SequenceEqual(utterance.Digits) ? 1.0 : 0).Average();
}
