using System.Globalization;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Learning.Tasks;

/// <summary>The adding problem (Hochreiter and Schmidhuber 1997): the sum of two marked numbers of a long sequence.</summary>
/// <param name="steps">Length of the sequences, T.</param>
/// <param name="maxSteps">Steps within which the bar must be reached.</param>
public sealed class AddingTask(int steps, int maxSteps) : StepTask
{
    private const int TestSequences = 1000;
    private readonly (NDArray X, NDArray Y) test = TestSet(steps);

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"adding{steps}");

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"Add the two marked numbers of {steps}: numbers uniform on [0, 1), one mark in each half. Score: mean squared error; "
        + $"always answering 1 gives 0.167.");

    /// <inheritdoc/>
    public override string Bar => FormattableString.Invariant($"below 0.01 within {maxSteps} steps");

    /// <inheritdoc/>
    protected override int MaxSteps => maxSteps;

    /// <inheritdoc/>
    protected override Sequential Build(CellKind cell, int seed)
    {
        var model = new Sequential([new Input((steps, 2)), cell.Create(Units, false), new Dense(1)], seed: seed);
        model.Compile(Optimizer, "mse");
        return model;
    }

    /// <inheritdoc/>
    protected override (NDArray X, NDArray Y) NextBatch(ref SeededRandom random, int count) => Batch(ref random, count, steps);

    /// <inheritdoc/>
    protected override IReadOnlyList<double> Score(Sequential model) => [model.Evaluate(test.X, test.Y, batchSize: 250)["loss"]];

    /// <inheritdoc/>
    protected override bool Reaches(IReadOnlyList<double> scores) => scores[0] < 0.01;

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] < others[0];

    private static (NDArray X, NDArray Y) TestSet(int steps)
    {
        SeededRandom random = Draw(1000, 0);
        return Batch(ref random, TestSequences, steps);
    }

    private static (NDArray X, NDArray Y) Batch(ref SeededRandom random, int count, int steps)
    {
        var x = new float[count, steps, 2];
        var y = new float[count, 1];
        for (int i = 0; i < count; i++)
        {
            int first = random.NextInt(steps / 2);
            int second = (steps / 2) + random.NextInt(steps - (steps / 2));
            for (int t = 0; t < steps; t++)
            {
                x[i, t, 0] = (float)random.NextDouble();
                x[i, t, 1] = t == first || t == second ? 1 : 0;
            }

            y[i, 0] = x[i, first, 0] + x[i, second, 0];
        }

        return (x, y);
    }
}
