using Recurrent.Examples.Languages;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>Which language a line is in.</summary>
public sealed class LanguagesTask : TextTask
{
    private const int Lines = 800;
    private const int TestLines = 150;
    private const int Batch = 32;
    private const int Pieces = 8000;
    private const double Least = 0.98;

    /// <inheritdoc/>
    public override string Name => "languages";

    /// <inheritdoc/>
    public override string Description =>
        "The language of a line: one recurrent layer over its letters, averaged over the steps, beside which letters, pairs and "
        + "triples it has, in one model that takes strings. Eight languages, lines of the Universal Declaration of Human Rights, "
        + "every fifth article put aside; with --file a text of lines with a language, a tab and a text, or a folder with a file "
        + "for each language, of which every fifth line is put aside. Score: share of those lines that are told right.";

    /// <inheritdoc/>
    public override string Bar => "at least 0.98";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["accuracy"];

    /// <inheritdoc/>
    public override int Units { get; set; } = 48;

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 5;

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(
        CellKind cell, int seed, int threads, Action<string> print)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(print);
        (LabelledLines training, LabelledLines test) = File is { } file
            ? LabelledLines.OfFile(file)
            : LabelledLines.OfDeclaration(
                Path.Combine(AppContext.BaseDirectory, "data", "declaration.tsv"), Lines, TestLines, seed);
        string[] languages = [.. training.Languages.Distinct().Order(StringComparer.Ordinal)];
        print(FormattableString.Invariant(
            $"  {training.Texts.Length} lines in {languages.Length} languages to learn from, {test.Texts.Length} to test on"));

        var letters = new TextVectorization(standardize: "lower", split: "character", ragged: true);
        var pieces = new TextVectorization(
            maxTokens: Pieces, standardize: "lower", split: "character", ngrams: 3, outputMode: "multi_hot");
        letters.Adapt(training.Texts);
        pieces.Adapt(training.Texts);
        var line = new Input(1, dtype: "string");
        Symbol embedded = new SpatialDropout1D(0.2).Call(new Embedding(letters.VocabularySize, 24).Call(letters.Call(line)));
        Symbol read = new GlobalAveragePooling1D().Call(cell.Create(Units, true).Call(embedded));
        Symbol both = new Dropout(0.2).Call(new Concatenate().Call(read, pieces.Call(line)));
        var model = new Model(line, new Dense(languages.Length, "softmax").Call(both), seed: seed)
        {
            MaxDegreeOfParallelism = threads,
        };
        int updates = Epochs * ((training.Texts.Length + Batch - 1) / Batch);
        model.Compile(new Adam(new CosineDecay(0.005, updates), globalClipNorm: 1), "sparse_categorical_crossentropy");
        var classifier = new TextClassifier(model, languages);
        double accuracy = 0;
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            double loss = classifier.Fit(training.Texts, training.Languages, batchSize: Batch, verbose: 0).Metrics["loss"][^1];
            accuracy = classifier.Evaluate(test.Texts, test.Languages).Accuracy;
            print(FormattableString.Invariant($"  epoch {epoch,3}  loss {loss:G4}  {accuracy:F4}"));
        }

        return ([accuracy], accuracy >= Least ? Epochs : null);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] > others[0];
}
