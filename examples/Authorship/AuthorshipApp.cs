using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Text;

namespace Recurrent.Examples.Authorship;

/// <summary>The program: tell who said a passage.</summary>
internal static class AuthorshipApp
{
    internal const string Help = """
        Tells which of four presidents of the United States said a passage of a few sentences: Lincoln, Theodore Roosevelt,
        Franklin D. Roosevelt or Reagan. It learns from three annual messages of each and is tested on passages of a fourth
        one, in two ways: word by word in both directions with a recurrent layer, and by counts of words.

          dotnet run -c Release --project examples/Authorship -- [options]

          --units N          units of the recurrent layer in each direction (24)
          --words N          words that are known; others are one unknown word (3000)
          --epochs N         how often every passage is seen        (12)
          --seed N           where all randomness comes from        (0)
          --file PATH        addresses of your own: a line of headings, then author, year and text with tabs between them
          --model PATH       where the recurrent classifier is saved; it is read again and gives the same
          --quick            few words and epochs, to see that it works
          --help             this text
        """;

    private const int BatchSize = 16;
    private const int Shown = 4;

    private sealed record Options(int Units, int Words, int Epochs, int Seed, string? File, string? Model);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(
            args, ["--units", "--words", "--epochs", "--seed", "--file", "--model"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--units", quick ? 8 : 24, least: 1, most: 1024),
            line.Number("--words", quick ? 500 : 3000, least: 10, most: 1_000_000),
            line.Number("--epochs", quick ? 3 : 12, least: 1),
            line.Number("--seed", 0, least: 0),
            line.Has("--file") ? line.Text("--file", string.Empty) : null,
            line.Has("--model") ? line.Text("--model", string.Empty) : null);
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        string path = options.File ?? Path.Combine(AppContext.BaseDirectory, "data", "addresses.tsv");
        (Passages training, Passages test) = Passages.Read(path);
        string[] authors = [.. training.Authors.Concat(test.Authors).Distinct()];
        output.WriteLine(
            $"{training.Texts.Length} passages by {authors.Length} authors to learn from, {test.Texts.Length} of other addresses "
            + $"to test on. The most frequent author has {Share(test)} of these.");
        output.WriteLine();

        TextClassifier reader = WordByWord(training, authors, options);
        reader.Fit(training.Texts, training.Authors, options.Epochs, BatchSize, verbose: Verbosity.Silent);
        ConfusionMatrix read = reader.Evaluate(test.Texts, test.Authors);
        output.WriteLine(Row($"word by word ({options.Units} units each way)", reader, read));
        TextClassifier counter = ByCounts(training, authors, options);
        counter.Fit(training.Texts, training.Authors, options.Epochs, BatchSize, verbose: Verbosity.Silent);
        output.WriteLine(Row("by counts of words", counter, counter.Evaluate(test.Texts, test.Authors)));
        output.WriteLine();
        output.WriteLine("Word by word: who said it (down), and who was taken to (across)");
        output.WriteLine(read);
        output.WriteLine();
        output.WriteLine(read.Report());
        foreach (string text in test.Texts.Where((_, i) => i % (test.Texts.Length / Shown) == 0).Take(Shown))
        {
            output.WriteLine($"  {reader.Predict(text)}: {(text.Length <= 90 ? text : text[..90] + "…")}");
        }

        if (options.Model is { } file)
        {
            reader.Save(file, includeOptimizer: false);
            bool same = TextClassifier.Load(file).Predict(test.Texts).SequenceEqual(reader.Predict(test.Texts));
            output.WriteLine();
            output.WriteLine($"Saved as {file}; read again, it says {(same ? "the same" : "something else")}.");
        }

        output.WriteLine();
        output.WriteLine(FormattableString.Invariant($"Score: {read.Accuracy:0.000} of the passages are told right."));
    }

    private static TextClassifier WordByWord(Passages training, string[] authors, Options options)
    {
        WordTokenizer words = WordTokenizer.Learn(
            training.Texts, maxTokens: options.Words, split: "words", normalization: "NFC", lower: true);
        var model = new Sequential(
            [
                new Embedding(words.VocabularySize, 32),
                new SpatialDropout1D(0.3),
                new Bidirectional(new GRU(options.Units, returnSequences: true)),
                new GlobalAveragePooling1D(),
                new Dropout(0.4),
                new Dense(authors.Length, "softmax"),
            ],
            seed: options.Seed);
        Compile(model, training, options, 0.004);
        return new(model, authors, words);
    }

    private static TextClassifier ByCounts(Passages training, string[] authors, Options options)
    {
        var words = new TextVectorization(maxTokens: options.Words, outputMode: "tf_idf");
        words.Adapt(training.Texts);
        var model = new Sequential([words, new Dropout(0.3), new Dense(authors.Length, "softmax")], seed: options.Seed);
        Compile(model, training, options, 0.002);
        return new(model, authors);
    }

    private static void Compile(Sequential model, Passages training, Options options, double rate)
    {
        int steps = options.Epochs * ((training.Texts.Length + BatchSize - 1) / BatchSize);
        model.Compile(
            new Adam(new CosineDecay(rate, steps), globalClipNorm: 1), "sparse_categorical_crossentropy", ["accuracy"]);
    }

    private static string Share(Passages test) => FormattableString.Invariant(
        $"{test.Authors.CountBy(author => author).Max(pair => pair.Value) / (double)test.Authors.Length:0.000}");

    private static string Row(string name, TextClassifier classifier, ConfusionMatrix matrix) => FormattableString.Invariant(
        $"  {name,-34} {matrix.Accuracy:0.000}   ({classifier.Model.ParameterCount} weights)");
}
