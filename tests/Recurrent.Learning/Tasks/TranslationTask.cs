using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>Short phrases of user interfaces, into another language.</summary>
public sealed class TranslationTask : TextTask
{
    private const int Batch = 32;
    private const int MostLetters = 24;
    private const double Margin = 0.03;

    /// <inheritdoc/>
    public override string Name => "translation";

    /// <inheritdoc/>
    public override string Description =>
        "Phrases of at most 24 letters and their translations; --file is a gettext catalogue (.mo) or a folder of them, such as "
        + "/usr/share/locale/de/LC_MESSAGES. A tenth of all phrases, by a hash of their small letters, is never trained on. "
        + "Score: "
        + "chrF (character n-grams of 1 to 6, beta 2) of a beam of 4, and of the translation of the nearest phrase, by the "
        + "same measure, "
        + "on at most 1000 of those.";

    /// <inheritdoc/>
    public override string Bar => "chrF at least 0.03 above that of the nearest phrase";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["chrf", "chrf_nearest"];

    /// <inheritdoc/>
    public override bool NeedsFile => true;

    /// <inheritdoc/>
    public override int Units { get; set; } = 128;

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 8;

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        (string Source, string Target)[] all = Catalogues.Read(
            File ?? throw new ArgumentException("translation needs --file with a catalogue, or a folder of them."), MostLetters);
        (string Source, string Target)[] train = [.. all.Where(pair => !IsHeldOut(pair.Source))];
        (string Source, string Target)[] test =
            [.. all.Where(pair => IsHeldOut(pair.Source)).OrderBy(pair => KeyOf(pair.Source)).Take(1000)];
        if (train.Length < 100 || test.Length < 10)
        {
            throw new ArgumentException($"'{File}' has {all.Length} short phrases, which are too few.");
        }

        double nearest = NearestPhrase.Score(train, test);
        print(FormattableString.Invariant(
            $"  {train.Length} phrases to learn from, {test.Length} others to test on; chrF of the nearest {nearest:F4}"));
        var source = CharacterTokenizer.Learn(all.Select(pair => pair.Source), minCount: 3);
        var target = CharacterTokenizer.Learn(train.Select(pair => pair.Target), minCount: 3);
        Seq2Seq model = Seq2Seq.Recurrent(
            source, target, Units, cell: CellOf(cell), embeddingDim: 48, dropout: 0.2, maxLength: 2 * MostLetters, seed: seed);
        int updates = Epochs * ((train.Length + Batch - 1) / Batch);
        model.Compile(new Adam(new CosineDecay(0.003, updates), globalClipNorm: 1));
        string[] sources = [.. train.Select(pair => pair.Source)];
        string[] targets = [.. train.Select(pair => pair.Target)];
        string[] expected = [.. test.Select(pair => pair.Target)];
        string[] asked = [.. test.Select(pair => pair.Source)];
        int round = 0;
        return RunRounds(
            model, threads, Epochs, _ => (sources, targets),
            own => [NearestPhrase.ChrF(own.Translate(asked, new BeamSearch(4)), expected), nearest],
            scores => ++round == Epochs && scores[0] >= scores[1] + Margin, Batch, print);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] > others[0];

    private static ulong KeyOf(string text) =>
        text.ToLowerInvariant().Where(char.IsLetter).Aggregate(1UL, (key, letter) => SeededRandom.Key(key, letter));

    private static bool IsHeldOut(string text) => KeyOf(text) % 10 == 0;
}
