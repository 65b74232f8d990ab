using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Examples.Tagging;

/// <summary>The program: names of people, places and firms in made-up news, with a CRF as the last layer and without.</summary>
internal static class TaggingApp
{
    internal const string Help = """
        Finds the names of people, places and firms in short made-up news: the same network with a CRF as its last layer,
        which scores whole sequences of tags, and with a softmax, which decides each word by itself.

          dotnet run -c Release --project examples/Tagging -- [options]

          --units N          units of the recurrent layer, each way           (16)
          --sentences N      sentences to train on                            (800)
          --test N           sentences with other names to test on            (1000)
          --epochs N         passes over the sentences                        (25)
          --seed N           where all randomness comes from                  (0)
          --quick            few sentences and passes, to see that it works
          --help             this text
        """;

    private static readonly string[] Tags = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"];

    private static readonly CRF Scheme = new(Tags, scheme: "bio");

    private sealed record Options(int Units, int Sentences, int Test, int Epochs, int Seed);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(args, ["--units", "--sentences", "--test", "--epochs", "--seed"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--units", quick ? 8 : 16, least: 1, most: 1024),
            line.Number("--sentences", quick ? 150 : 800, least: 20),
            line.Number("--test", quick ? 100 : 1000, least: 10),
            line.Number("--epochs", quick ? 16 : 25, least: 1),
            line.Number("--seed", 0, least: 0));
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        Sentence[] training = Write(options, 1, options.Sentences, fresh: false);
        Sentence[] test = Write(options, 2, options.Test, fresh: true);

        string[] vocabulary = [.. training.SelectMany(sentence => sentence.Words).Distinct().Order(StringComparer.Ordinal)];
        var ids = vocabulary.Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i + 1);
        double unknown = test.SelectMany(sentence => sentence.Words).Average(word => ids.ContainsKey(word) ? 0.0 : 1);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{training.Length} sentences to train on, {test.Length} with other names to test on; {ids.Count} words known, "
            + $"{100 * unknown:0} % of the test's are not"));
        output.WriteLine();
        output.WriteLine("                 entities: precision   recall       F1   tags right   segments that begin with I");
        IReadOnlyList<string[]> plain = Row(crf: false);
        IReadOnlyList<string[]> best = Row(crf: true);
        output.WriteLine();
        int shown = Array.FindIndex(test, sentence => !Same(plain, sentence) && Same(best, sentence));
        if (shown >= 0)
        {
            Show("without", plain[shown]);
            Show("with a CRF", best[shown]);
        }

        EntityScores score = EntityScores.Of(test.Select(sentence => sentence.Tags), best);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Score: {score.F1:0.0000}, the F1 of entities with a CRF"));

        bool Same(IReadOnlyList<string[]> found, Sentence sentence) =>
            found[Array.IndexOf(test, sentence)].SequenceEqual(sentence.Tags);

        void Show(string name, string[] tags) => output.WriteLine($"  {name,-12} " + string.Join(' ', test[shown].Words.Zip(
            tags, (word, tag) => tag == "O" ? word : $"{word}/{tag}")));

        IReadOnlyList<string[]> Row(bool crf)
        {
            IReadOnlyList<string[]> found = Learn(options, training, test, ids, crf);
            EntityScores scores = EntityScores.Of(test.Select(sentence => sentence.Tags), found);
            int broken = found.Sum(tags => tags.Where((tag, t) => !Scheme.Allows(t == 0 ? null : tags[t - 1], tag)).Count());
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {(crf ? "with a CRF" : "without"),-12} {scores.All.Precision,23:0.000} {scores.All.Recall,8:0.000} "
                    + $"{scores.F1,8:0.000} "
                + $"{scores.TokenAccuracy,12:0.000} {broken,16}"));
            return found;
        }
    }

    private static IReadOnlyList<string[]> Learn(
        Options options, Sentence[] training, Sentence[] test, Dictionary<string, int> ids, bool crf)
    {
        var layer = new CRF(Tags, scheme: "bio");
        var model = new Sequential(seed: options.Seed);
        model.Add(new Embedding(ids.Count + 1, 16, inputShape: new([null])));     // id 0 is every word that is not known
        model.Add(new Dropout(0.3));
        model.Add(new Bidirectional(new GRU(options.Units, returnSequences: true)));
        model.Add(crf ? layer : new Dense(Tags.Length));
        model.Compile(new Adam(0.01), crf ? new CRFLoss() : new SparseCategoricalCrossentropy(fromLogits: true));
        RaggedSequences tags = new([.. training.Select(sentence =>
            new NDArray([sentence.Tags.Length], [.. sentence.Tags.Select(tag => (float)Array.IndexOf(Tags, tag))]))]);
        model.Fit(Words(Hidden(training, options.Seed)), tags, epochs: options.Epochs, batchSize: 16, verbose: Verbosity.Silent);
        RaggedSequences found = model.Predict(Words(test));
        return crf ? layer.NamesOf(found) : [.. found.Select(Likeliest)];

        RaggedSequences Words(Sentence[] sentences) => new([.. sentences.Select(sentence =>
            new NDArray([sentence.Words.Length], [.. sentence.Words.Select(word => (float)ids.GetValueOrDefault(word))]))]);
    }

    /// <summary>Every third word is taken out, so that the network learns to do without knowing each.</summary>
    private static Sentence[] Hidden(Sentence[] sentences, int seed)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, 3));
        return [.. sentences.Select(sentence =>
            sentence with { Words = [.. sentence.Words.Select(word => random.NextInt(3) == 0 ? string.Empty : word)] })];
    }

    private static string[] Likeliest(NDArray scores) => [.. scores.Values.Chunk(Tags.Length)
        .Select(step => Tags[Array.IndexOf(step, step.Max())])];

    private static Sentence[] Write(Options options, ulong part, int count, bool fresh)
    {
        var writer = new NewsWriter(SeededRandom.Key((ulong)options.Seed, part), fresh);
        return [.. Enumerable.Range(0, count).Select(_ => writer.Next())];
    }
}
