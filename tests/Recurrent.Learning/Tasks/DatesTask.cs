using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>Dates as people write them to ISO 8601.</summary>
public sealed class DatesTask : TextTask
{
    private const int UpdatesOfRound = 250;
    private const int Batch = 64;

    /// <inheritdoc/>
    public override string Name => "dates";

    /// <inheritdoc/>
    public override string Description =>
        "Dates of 1950 to 2049 in ten notations and four languages (English, German, French, Spanish) to 2019-03-07, with "
            + "attention, "
        + "250 updates of 64 dates a round. A tenth of all days, by a hash, is never trained on. Score: exact match of greedy "
        + "decoding "
        + "on 2000 dates of those days.";

    /// <inheritdoc/>
    public override string Bar => "0.99";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["exact_match"];

    /// <inheritdoc/>
    public override bool ReadsFile => false;

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 20;

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        var letters = CharacterTokenizer.Learn(DateNotations.Samples);
        var digits = new CharacterTokenizer("0123456789-".Select(sign => $"{sign}"));
        Seq2Seq model = Seq2Seq.Recurrent(
            letters, digits, Units, cell: CellOf(cell), embeddingDim: 32, maxLength: 12, seed: seed);
        model.Compile(new Adam(new CosineDecay(0.003, Epochs * UpdatesOfRound), globalClipNorm: 1));
        SeededRandom random = Draw(seed, 1);
        SeededRandom fixedRandom = Draw(1000, 2);
        (string[] sources, string[] targets) = DateNotations.Draw(ref fixedRandom, 2000, heldOut: true);
        return RunRounds(
            model, threads, Epochs, _ => DateNotations.Draw(ref random, UpdatesOfRound * Batch, heldOut: false),
            own => [ExactMatch(own.Translate(sources), targets)], scores => scores[0] >= 0.99, Batch, print);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] > others[0];
}
