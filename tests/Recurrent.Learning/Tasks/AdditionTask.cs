using System.Globalization;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Text;

namespace Recurrent.Learning.Tasks;

/// <summary>Adding two numbers written in digits.</summary>
public sealed class AdditionTask : TextTask
{
    private const int UpdatesOfRound = 250;
    private const int Batch = 64;
    private static readonly CharacterTokenizer Signs = new(Enumerable.Range(0, 10).Select(digit => $"{digit}").Append("+"));

    /// <inheritdoc/>
    public override string Name => "addition";

    /// <inheritdoc/>
    public override string Description =>
        "The sum of two numbers of up to 3 digits, \"98+765\", with attention, 250 updates of 64 pairs a round. A tenth of "
            + "all pairs, "
        + "by a hash of both numbers, is never trained on. Score: exact match of greedy decoding on 2000 of those.";

    /// <inheritdoc/>
    public override string Bar => "0.99";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["exact_match"];

    /// <inheritdoc/>
    public override bool ReadsFile => false;

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 40;

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        Seq2Seq model = Seq2Seq.Recurrent(Signs, Signs, Units, cell: CellOf(cell), embeddingDim: 32, maxLength: 10, seed: seed);
        model.Compile(new Adam(new CosineDecay(0.003, Epochs * UpdatesOfRound), globalClipNorm: 1));
        SeededRandom random = Draw(seed, 1);
        SeededRandom fixedRandom = Draw(1000, 2);
        (string[] sources, string[] targets) = Pairs(ref fixedRandom, 2000, heldOut: true);
        return RunRounds(
            model, threads, Epochs, _ => Pairs(ref random, UpdatesOfRound * Batch, heldOut: false),
            own => [ExactMatch(own.Translate(sources), targets)], scores => scores[0] >= 0.99, Batch, print);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] > others[0];

    private static (string[] Sources, string[] Targets) Pairs(ref SeededRandom random, int count, bool heldOut)
    {
        var sources = new string[count];
        var targets = new string[count];
        for (int i = 0; i < count;)
        {
            (int a, int b) = (random.NextInt(1000), random.NextInt(1000));
            if ((SeededRandom.Key((ulong)a, (ulong)b) % 10 == 0) == heldOut)
            {
                sources[i] = FormattableString.Invariant($"{a}+{b}");
                targets[i++] = (a + b).ToString(CultureInfo.InvariantCulture);
            }
        }

        return (sources, targets);
    }
}
