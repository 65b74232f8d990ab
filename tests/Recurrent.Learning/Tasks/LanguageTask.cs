using Recurrent.Examples;
using Recurrent.Optimizers;
using Recurrent.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>The next character of Shakespeare's plays, or of another text, at a rate that falls.</summary>
public sealed class LanguageTask : TextTask
{
    private const int Window = 64;
    private const int Batch = 32;
    private const int Updates = 4000;

    /// <inheritdoc/>
    public override string Name => "tiny_shakespeare_cosine";

    /// <inheritdoc/>
    public override string Description =>
        "The next character of a text, from windows of 64 at random places, at most 4000 updates of 32 windows, Adam at 0.01 "
            + "falling "
        + "to 0 along half a cosine. Score: bits per character on the last tenth, windows from zero states, then as one text "
        + "with "
        + "states carried; counts of four characters of context give 2.41.";

    /// <inheritdoc/>
    public override string Bar => "at most 2.42 windowed, 2.37 carried (LSTM)";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["bits_per_character_windowed", "bits_per_character_carried"];

    /// <inheritdoc/>
    public override int Epochs { get; set; }

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        string text = TextFile.ReadAll(File ?? Path.Combine(AppContext.BaseDirectory, "data", "tiny_shakespeare.txt"));
        var tokenizer = CharacterTokenizer.Learn([text], SpecialTokens.None, unit: "codepoint");
        (string train, string test) = (text[..(int)(0.9 * text.Length)], text[(int)(0.9 * text.Length)..]);
        LanguageModel model = LanguageModel.Recurrent(
            tokenizer, Units, embeddingDim: tokenizer.VocabularySize, cell: CellOf(cell), seed: seed);
        model.Model.MaxDegreeOfParallelism = threads;
        int perEpoch = Math.Max(1, ((train.Length - 1) / Window + Batch - 1) / Batch);
        int epochs = Epochs > 0 ? Epochs : Math.Max(1, Updates / perEpoch);
        model.Compile(new Adam(new CosineDecay(0.01, epochs * perEpoch), epsilon: 1e-8, globalClipNorm: 5));
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            double loss = model.Fit(train, 1, Batch, Window, carried: false, verbose: 0).Metrics["loss"][^1];
            print(FormattableString.Invariant($"  update {epoch * perEpoch,5}  loss {loss / Math.Log(2):F4} bits"));
        }

        double[] scores = [model.Evaluate(test, Window).BitsPerCharacter, model.Evaluate(test).BitsPerCharacter];
        print($"  {Outcome.Text(scores)}");
        return (scores, scores[0] <= 2.42 && scores[1] <= 2.37 ? epochs * perEpoch : null);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[1] < others[1];
}
