using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Learning.Tasks;

/// <summary>The embedded Reber grammar (Fahlman 1991; Hochreiter and Schmidhuber 1997): the last symbol but one repeats the
/// second.</summary>
public sealed class ReberTask : StepTask
{
    private const string Symbols = "BTPSXVE";
    private const int LongestInner = 40;

    // What each state of the inner grammar may be followed by: symbol and next state; −1 ends the inner string.
    private static readonly (char Symbol, int Next)[][] Grammar =
    [
        [('T', 1), ('P', 2)],
        [('S', 1), ('X', 3)],
        [('T', 2), ('V', 4)],
        [('X', 2), ('S', -1)],
        [('P', 3), ('V', -1)],
    ];

    private readonly (string Text, string[] Legal)[] test = TestSet();

    /// <inheritdoc/>
    public override string Name => "reber";

    /// <inheritdoc/>
    public override string Description =>
        "Predict the next symbol of strings of the embedded Reber grammar. Scores: share of 500 strings where at every step "
        + "the legal symbols are the likeliest; share with the last symbol but one right, which repeats the second (chance 0.5).";

    /// <inheritdoc/>
    public override string Bar => "both above 0.995 within 1500 steps";

    /// <inheritdoc/>
    protected override int Units => 32;

    /// <inheritdoc/>
    protected override int BatchSize => 32;

    /// <inheritdoc/>
    protected override double LearningRate => 0.005;

    /// <inheritdoc/>
    protected override int MaxSteps => 1500;

    /// <inheritdoc/>
    protected override Sequential Build(CellKind cell, int seed)
    {
        var model = new Sequential(
            [new Masking(0, inputShape: (null, Symbols.Length)), cell.Create(Units, true), new Dense(Symbols.Length)],
                seed: seed);
        model.Compile(Optimizer, new SparseCategoricalCrossentropy(fromLogits: true));
        return model;
    }

    /// <inheritdoc/>
    protected override (NDArray X, NDArray Y) NextBatch(ref SeededRandom random, int count)
    {
        var strings = new string[count];
        for (int i = 0; i < count; i++)
        {
            strings[i] = NextString(ref random).Text;
        }

        return Encode(strings);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<double> Score(Sequential model)
    {
        NDArray x = Encode([.. test.Select(s => s.Text)]).X;
        NDArray logits = model.Predict(x, batchSize: 125);
        int allLegal = 0;
        int penultimate = 0;
        for (int i = 0; i < test.Length; i++)
        {
            (string text, string[] legal) = test[i];
            bool everyStep = true;
            for (int t = 0; t < legal.Length; t++)
            {
                ReadOnlySpan<float> step = logits.Values.AsSpan(((i * x.Shape[1]) + t) * Symbols.Length, Symbols.Length);
                string likeliest = Likeliest(step, legal[t].Length);
                everyStep &= likeliest.Order().SequenceEqual(legal[t].Order());
                if (t == text.Length - 3)
                {
                    penultimate += likeliest[0] == text[^2] ? 1 : 0;
                }
            }

            allLegal += everyStep ? 1 : 0;
        }

        return [(double)allLegal / test.Length, (double)penultimate / test.Length];
    }

    /// <inheritdoc/>
    protected override bool Reaches(IReadOnlyList<double> scores) => scores[0] > 0.995 && scores[1] > 0.995;

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores.Sum() > others.Sum();

    private static string Likeliest(ReadOnlySpan<float> logits, int count)
    {
        float[] copy = logits.ToArray();
        return string.Concat(Enumerable.Range(0, copy.Length).OrderByDescending(i => copy[i]).Take(count)
            .Select(i => Symbols[i]));
    }

    private static (string Text, string[] Legal)[] TestSet()
    {
        SeededRandom random = Draw(1000, 0);
        var strings = new (string, string[])[500];
        for (int i = 0; i < strings.Length; i++)
        {
            strings[i] = NextString(ref random);
        }

        return strings;
    }

    /// <summary>Draws a string, with the symbols that are legal after each symbol but the last.</summary>
    private static (string Text, string[] Legal) NextString(ref SeededRandom random)
    {
        while (true)
        {
            char outer = random.NextInt(2) == 0 ? 'T' : 'P';
            var text = new System.Text.StringBuilder("B").Append(outer).Append('B');
            List<string> legal = ["TP", "B", "TP"];
            int state = 0;
            while (state >= 0)
            {
                (char symbol, int next) = Grammar[state][random.NextInt(2)];
                text.Append(symbol);
                state = next;
                legal.Add(state >= 0 ? string.Concat(Grammar[state].Select(way => way.Symbol)) : "E");
            }

            // The inner string ends with E, then come the outer symbol and the outer E.
            text.Append('E').Append(outer).Append('E');
            legal.Add(outer.ToString());
            legal.Add("E");
            if (text.Length <= LongestInner)
            {
                return (text.ToString(), [.. legal]);
            }
        }
    }

    private static (NDArray X, NDArray Y) Encode(string[] strings)
    {
        int steps = strings.Max(s => s.Length) - 1;
        var x = new float[strings.Length, steps, Symbols.Length];
        var y = new float[strings.Length, steps, 1];
        for (int i = 0; i < strings.Length; i++)
        {
            for (int t = 0; t + 1 < strings[i].Length; t++)
            {
                x[i, t, Symbols.IndexOf(strings[i][t], StringComparison.Ordinal)] = 1;
                y[i, t, 0] = Symbols.IndexOf(strings[i][t + 1], StringComparison.Ordinal);
            }
        }

        return (x, y);
    }
}
