using System.Globalization;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Learning.Tasks;

/// <summary>Copying: some symbols, a long pause, a mark, then the symbols are to be repeated.</summary>
/// <param name="symbols">Number of symbols to keep, S.</param>
/// <param name="delay">Length of the pause with its mark, D.</param>
public sealed class CopyTask(int symbols, int delay) : StepTask
{
    private const int Alphabet = 8;
    private const int Blank = 8;
    private const int Go = 9;
    private const int Inputs = 10;
    private readonly (NDArray X, NDArray Y) test = TestSet(symbols, delay);

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"copy{symbols}x{delay}");

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"Repeat {symbols} of 8 symbols after {delay} steps. Score: share of the repeated symbols that are right; chance "
        + $"is 0.125.");

    /// <inheritdoc/>
    public override string Bar => "above 0.95 within 4000 steps (a GRU's)";

    /// <inheritdoc/>
    protected override int Units => 128;

    /// <inheritdoc/>
    protected override int MaxSteps => 4000;

    /// <inheritdoc/>
    protected override int CheckEvery => 200;

    /// <inheritdoc/>
    protected override Sequential Build(CellKind cell, int seed)
    {
        var model = new Sequential([new Input((delay + (2 * symbols), Inputs)), cell.Create(Units, true), new Dense(Inputs)],
            seed: seed);
        model.Compile(Optimizer, new SparseCategoricalCrossentropy(fromLogits: true));
        return model;
    }

    /// <inheritdoc/>
    protected override (NDArray X, NDArray Y) NextBatch(ref SeededRandom random, int count) =>
        Batch(ref random, count, symbols, delay);

    /// <inheritdoc/>
    protected override IReadOnlyList<double> Score(Sequential model)
    {
        NDArray logits = model.Predict(test.X, batchSize: 250);
        int right = 0;
        int count = test.X.Shape[0];
        int length = delay + (2 * symbols);
        for (int i = 0; i < count; i++)
        {
            for (int t = delay + symbols; t < length; t++)
            {
                ReadOnlySpan<float> step = logits.Values.AsSpan(((i * length) + t) * Inputs, Inputs);
                right += ArgMax(step) == (int)test.Y[i, t, 0] ? 1 : 0;
            }
        }

        return [(double)right / (count * symbols)];
    }

    /// <inheritdoc/>
    protected override bool Reaches(IReadOnlyList<double> scores) => scores[0] > 0.95;

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] > others[0];

    private static int ArgMax(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    private static (NDArray X, NDArray Y) TestSet(int symbols, int delay)
    {
        SeededRandom random = Draw(1000, 0);
        return Batch(ref random, 500, symbols, delay);
    }

    private static (NDArray X, NDArray Y) Batch(ref SeededRandom random, int count, int symbols, int delay)
    {
        int length = delay + (2 * symbols);
        var x = new float[count, length, Inputs];
        var y = new float[count, length, 1];
        for (int i = 0; i < count; i++)
        {
            for (int t = 0; t < length; t++)
            {
                int symbol = t < symbols ? random.NextInt(Alphabet) : t == symbols + delay - 1 ? Go : Blank;
                x[i, t, symbol] = 1;
                if (t < symbols)
                {
                    y[i, delay + symbols + t, 0] = symbol;
                }

                if (t < delay + symbols)
                {
                    y[i, t, 0] = Blank;
                }
            }
        }

        return (x, y);
    }
}
