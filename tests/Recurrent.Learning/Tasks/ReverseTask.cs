using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>Saying a sequence of digits backwards.</summary>
public sealed class ReverseTask : TextTask
{
    private const int UpdatesOfRound = 250;
    private const int Batch = 64;
    private static readonly CharacterTokenizer Digits = new(Enumerable.Range(0, 10).Select(digit => $"{digit}"));

    /// <inheritdoc/>
    public override string Name => "reverse";

    /// <inheritdoc/>
    public override string Description =>
        "Digits of 4 to 10 places backwards, from the encoder's last state alone (no attention), 250 updates of 64 fresh pairs a "
        + "round. Score: exact match of greedy decoding at lengths 4, 7 and 10, 200 each.";

    /// <inheritdoc/>
    public override string Bar => "0.98, 0.95, 0.60 within 4000 updates";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["exact_match_4", "exact_match_7", "exact_match_10"];

    /// <inheritdoc/>
    public override bool ReadsFile => false;

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 16;

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        Seq2Seq model = Seq2Seq.Recurrent(
            Digits, Digits, Units, bidirectional: false, attention: SequenceAttention.None, cell: CellOf(cell), embeddingDim: 32,
            maxLength: 20, seed: seed);
        model.Compile(new Adam(new CosineDecay(0.003, Epochs * UpdatesOfRound), globalClipNorm: 1));
        SeededRandom random = Draw(seed, 1);
        SeededRandom fixedRandom = Draw(1000, 2);
        (string[] Sources, string[] Targets)[] tests =
            [Pairs(ref fixedRandom, 200, 4, 4), Pairs(ref fixedRandom, 200, 7, 7), Pairs(ref fixedRandom, 200, 10, 10)];
        return RunRounds(
            model, threads, Epochs, _ => Pairs(ref random, UpdatesOfRound * Batch, 4, 10),
            own => [.. tests.Select(test => ExactMatch(own.Translate(test.Sources), test.Targets))],
            scores => scores[0] >= 0.98 && scores[1] >= 0.95 && scores[2] >= 0.6, Batch, print);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores.Sum() > others.Sum();

    private static (string[] Sources, string[] Targets) Pairs(ref SeededRandom random, int count, int least, int most)
    {
        var sources = new string[count];
        for (int i = 0; i < count; i++)
        {
            char[] digits = new char[least + random.NextInt(most - least + 1)];
            for (int t = 0; t < digits.Length; t++)
            {
                digits[t] = (char)('0' + random.NextInt(10));
            }

            sources[i] = new string(digits);
        }

        return (sources, [.. sources.Select(text => new string([.. text.Reverse()]))]);
    }
}
