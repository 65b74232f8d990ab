using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Text;

namespace Recurrent.Examples.Languages;

/// <summary>The program: tell the language of a line from its letters.</summary>
internal static class LanguagesApp
{
    internal const string Help = """
        Tells which of eight languages a line is in: English, German, French, Spanish, Italian, Portuguese, Dutch or Swedish. It
        learns from most articles of the Universal Declaration of Human Rights and is tested on lines of the others, in three
        ways: letter by letter with a recurrent layer, by which letters, pairs and triples of letters a line has, and by both.

          dotnet run -c Release --project examples/Languages -- [options]

          --lines N          lines of each language to learn from   (800)
          --units N          units of the recurrent layer           (48)
          --epochs N         how often every line is seen           (5)
          --seed N           where all randomness comes from        (0)
          --file PATH        lines of your own, in any languages: language and text with a tab between them, or a folder with
                             a file for each language
          --text TEXT        a line to tell the language of, after training
          --model PATH       where the classifier is saved; it is read again and gives the same
          --quick            few lines and epochs, to see that it works
          --help             this text
        """;

    private const int TestLines = 150;
    private const int MostPieces = 8000;
    private const int BatchSize = 32;

    private static readonly string[] Shown =
    [
        "Where is the nearest station?", "Wo ist denn hier der Bahnhof?", "Où est la gare, s'il vous plaît ?",
        "¿Dónde está la estación?", "Dov'è la stazione più vicina?", "Onde fica a estação de comboios?",
        "Waar is het dichtstbijzijnde station?", "Var ligger stationen?",
    ];

    private static readonly (string Name, bool Letters, bool Pieces)[] Ways =
    [
        ("letter by letter (GRU)", true, false),
        ("letters, pairs and triples, in no order", false, true),
        ("both together", true, true),
    ];

    private sealed record Options(
        int Lines, int Units, int Epochs, int Seed, string? File, string? Text, string? Model);

    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error) =>
        ExampleProgram.Run(args, Help, Parse, Run, output, error);

    /// <summary>
    /// A network that takes lines as they are and reads them in two ways: letter by letter with a recurrent layer, and by which
    /// letters, pairs and triples of letters they have.
    /// </summary>
    internal static TextClassifier Build(
        IReadOnlyList<string> texts,
        IReadOnlyList<string> languages,
        bool letters,
        bool pieces,
        int units,
        int epochs,
        int seed)
    {
        var line = new Input(1, dtype: "string");
        var read = new List<Symbol>();
        if (letters)
        {
            var inOrder = new TextVectorization(standardize: "lower", split: "character", ragged: true);
            inOrder.Adapt(texts.ToArray());
            Symbol states = new GRU(units, returnSequences: true).Call(
                new SpatialDropout1D(0.2).Call(new Embedding(inOrder.VocabularySize, 24).Call(inOrder.Call(line))));
            read.Add(new GlobalAveragePooling1D().Call(states));
        }

        if (pieces)
        {
            var counted = new TextVectorization(
                maxTokens: MostPieces, standardize: "lower", split: "character", ngrams: 3, outputMode: "multi_hot");
            counted.Adapt(texts.ToArray());
            read.Add(counted.Call(line));
        }

        Symbol both = read.Count == 1 ? read[0] : new Concatenate().Call([.. read]);
        var model = new Model(
            line, new Dense(languages.Count, "softmax").Call(new Dropout(0.2).Call(both)), seed: seed);
        int steps = epochs * ((texts.Count + BatchSize - 1) / BatchSize);
        model.Compile(
            new Adam(new CosineDecay(0.005, steps), globalClipNorm: 1), "sparse_categorical_crossentropy", ["accuracy"]);
        return new TextClassifier(model, languages);
    }

    private static Options Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(
            args, ["--lines", "--units", "--epochs", "--seed", "--file", "--text", "--model"], ["--quick"]);
        bool quick = line.Has("--quick");
        var options = new Options(
            line.Number("--lines", quick ? 100 : 800, least: 20, most: 100_000),
            line.Number("--units", quick ? 12 : 48, least: 1, most: 1024),
            line.Number("--epochs", quick ? 3 : 5, least: 1),
            line.Number("--seed", 0, least: 0),
            line.Has("--file") ? line.Text("--file", string.Empty) : null,
            line.Has("--text") ? line.Text("--text", string.Empty) : null,
            line.Has("--model") ? line.Text("--model", string.Empty) : null);
        line.ThrowIfWrong();
        return options;
    }

    private static void Run(Options options, TextWriter output)
    {
        (LabelledLines training, LabelledLines test) = options.File is { } file
            ? LabelledLines.OfFile(file)
            : LabelledLines.OfDeclaration(
                Path.Combine(AppContext.BaseDirectory, "data", "declaration.tsv"), options.Lines, TestLines, options.Seed);
        string[] languages = [.. training.Languages.Distinct().Order(StringComparer.Ordinal)];
        output.WriteLine(
            $"{training.Texts.Length} lines in {languages.Length} languages to learn from, {test.Texts.Length} to test on.");
        output.WriteLine();
        TextClassifier classifier = null!;
        ConfusionMatrix matrix = null!;
        foreach ((string name, bool letters, bool pieces) in Ways)
        {
            classifier = Build(
                training.Texts, languages, letters, pieces, options.Units, options.Epochs, options.Seed);
            classifier.Fit(training.Texts, training.Languages, options.Epochs, BatchSize, verbose: Verbosity.Silent);
            matrix = classifier.Evaluate(test.Texts, test.Languages);
            output.WriteLine(FormattableString.Invariant(
                $"  {name,-42} {matrix.Accuracy:0.000}   ({classifier.Model.ParameterCount} weights)"));
        }

        output.WriteLine();
        output.WriteLine("What lines are (down) and what they were taken for (across)");
        output.WriteLine(matrix);
        output.WriteLine();
        output.WriteLine(matrix.Report());
        string[] asked = options.Text is { } text ? [text] : options.File is null ? Shown : [];
        foreach ((string line, string language) in asked.Zip(asked.Length > 0 ? classifier.Predict(asked) : []))
        {
            output.WriteLine($"  {language,-3} {line}");
        }

        if (options.Model is { } path)
        {
            classifier.Save(path, includeOptimizer: false);
            bool same = TextClassifier.Load(path).Predict(test.Texts).SequenceEqual(classifier.Predict(test.Texts));
            output.WriteLine($"Saved as {path}; read again, it says {(same ? "the same" : "something else")}.");
        }

        output.WriteLine();
        output.WriteLine(FormattableString.Invariant($"Score: {matrix.Accuracy:0.000} of the lines are told right."));
    }
}
