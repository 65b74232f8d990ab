using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Learning.Tasks;

/// <summary>The parity of the bits so far, at each step; trained on short sequences and tested on long ones.</summary>
public sealed class ParityTask : StepTask
{
    private const int TrainSteps = 20;
    private const int TestSteps = 200;
    private readonly (NDArray X, NDArray Y) shortTest = TestSet(TrainSteps);
    private readonly (NDArray X, NDArray Y) longTest = TestSet(TestSteps);

    /// <inheritdoc/>
    public override string Name => "parity";

    /// <inheritdoc/>
    public override string Description =>
        "The parity of random bits so far, at each step; trained on 20 steps. Scores: share of steps right at 20 steps and at "
        + "200; chance is 0.5.";

    /// <inheritdoc/>
    public override string Bar => "above 0.999 at 200 steps, within 2000 training steps";

    /// <inheritdoc/>
    protected override int Units => 32;

    /// <inheritdoc/>
    protected override double LearningRate => 0.005;

    /// <inheritdoc/>
    protected override int MaxSteps => 2000;

    /// <inheritdoc/>
    protected override Sequential Build(CellKind cell, int seed)
    {
        var model = new Sequential([new Input((null, 1)), cell.Create(Units, true), new Dense(1, "sigmoid")], seed: seed);
        model.Compile(Optimizer, "binary_crossentropy", ["binary_accuracy"]);
        return model;
    }

    /// <inheritdoc/>
    protected override (NDArray X, NDArray Y) NextBatch(ref SeededRandom random, int count) =>
        Batch(ref random, count, TrainSteps);

    /// <inheritdoc/>
    protected override IReadOnlyList<double> Score(Sequential model) =>
    [
        model.Evaluate(shortTest.X, shortTest.Y, batchSize: 250)["binary_accuracy"],
        model.Evaluate(longTest.X, longTest.Y, batchSize: 250)["binary_accuracy"],
    ];

    /// <inheritdoc/>
    protected override bool Reaches(IReadOnlyList<double> scores) => scores[1] > 0.999;

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[1] > others[1];

    private static (NDArray X, NDArray Y) TestSet(int steps)
    {
        SeededRandom random = Draw(1000, (ulong)steps);
        return Batch(ref random, 500, steps);
    }

    private static (NDArray X, NDArray Y) Batch(ref SeededRandom random, int count, int steps)
    {
        var x = new float[count, steps, 1];
        var y = new float[count, steps, 1];
        for (int i = 0; i < count; i++)
        {
            int parity = 0;
            for (int t = 0; t < steps; t++)
            {
                int bit = random.NextInt(2);
                parity ^= bit;
                x[i, t, 0] = bit;
                y[i, t, 0] = parity;
            }
        }

        return (x, y);
    }
}
