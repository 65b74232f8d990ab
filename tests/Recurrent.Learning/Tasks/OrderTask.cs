using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Learning.Tasks;

/// <summary>Temporal order (Hochreiter and Schmidhuber 1997, task 6a): which of X and Y came first and which second.</summary>
public sealed class OrderTask : StepTask
{
    private const int Steps = 60;
    private const int Distractors = 4;
    private const int FirstOfPair = 4;
    private const int StartMark = 6;
    private const int EndMark = 7;
    private const int Symbols = 8;
    private readonly (NDArray X, NDArray Y) test = TestSet();

    /// <inheritdoc/>
    public override string Name => "order60";

    /// <inheritdoc/>
    public override string Description =>
        "Among distractors a b c d, X or Y stands once in steps 6 to 12 and once in steps 30 to 36 of 60: which pair? Score: "
        + "accuracy; chance is 0.25.";

    /// <inheritdoc/>
    public override string Bar => "above 0.99 within 4000 steps";

    /// <inheritdoc/>
    protected override int MaxSteps => 4000;

    /// <inheritdoc/>
    protected override Sequential Build(CellKind cell, int seed)
    {
        var model = new Sequential([new Input((Steps, Symbols)), cell.Create(Units, false), new Dense(4)], seed: seed);
        model.Compile(Optimizer, new SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
        return model;
    }

    /// <inheritdoc/>
    protected override (NDArray X, NDArray Y) NextBatch(ref SeededRandom random, int count) => Batch(ref random, count);

    /// <inheritdoc/>
    protected override IReadOnlyList<double> Score(Sequential model) =>
        [model.Evaluate(test.X, test.Y, batchSize: 250)["accuracy"]];

    /// <inheritdoc/>
    protected override bool Reaches(IReadOnlyList<double> scores) => scores[0] > 0.99;

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] > others[0];

    private static (NDArray X, NDArray Y) TestSet()
    {
        SeededRandom random = Draw(1000, 0);
        return Batch(ref random, 1000);
    }

    private static (NDArray X, NDArray Y) Batch(ref SeededRandom random, int count)
    {
        var x = new float[count, Steps, Symbols];
        var y = new float[count, 1];
        for (int i = 0; i < count; i++)
        {
            int first = (Steps / 10) + random.NextInt((Steps / 10) + 1);
            int second = (5 * Steps / 10) + random.NextInt((Steps / 10) + 1);
            int firstSymbol = random.NextInt(2);
            int secondSymbol = random.NextInt(2);
            for (int t = 0; t < Steps; t++)
            {
                int symbol = t == 0 ? StartMark
                    : t == Steps - 1 ? EndMark
                    : t == first ? FirstOfPair + firstSymbol
                    : t == second ? FirstOfPair + secondSymbol
                    : random.NextInt(Distractors);
                x[i, t, symbol] = 1;
            }

            y[i, 0] = (2 * firstSymbol) + secondSymbol;
        }

        return (x, y);
    }
}
