using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Learning.Tasks;

/// <summary>The next character of Shakespeare's plays.</summary>
public sealed class ShakespeareTask : StepTask
{
    private const int Window = 64;
    private readonly char[] vocabulary;
    private readonly int[] train;
    private readonly (NDArray X, NDArray Y) test;

    /// <summary>Reads the text.</summary>
    public ShakespeareTask()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "tiny_shakespeare.txt"));
        vocabulary = [.. text.Distinct().Order()];
        int[] ids = [.. text.Select(c => Array.BinarySearch(vocabulary, c))];
        int trainLength = (int)(0.9 * ids.Length);
        train = ids[..trainLength];
        int[] rest = ids[trainLength..];
        test = Encode(rest, [.. Enumerable.Range(0, (rest.Length - 1) / Window).Select(i => i * Window)]);
    }

    /// <inheritdoc/>
    public override string Name => "tiny_shakespeare";

    /// <inheritdoc/>
    public override string Description =>
        "The next character, 65 of them, from windows of 64. Score: bits per character on the last tenth, each window from a "
        + "zero state; counts of two characters of context give 2.96.";

    /// <inheritdoc/>
    public override string Bar => "after 4000 steps at most 2.65 (LSTM), 2.50 (others)";

    /// <inheritdoc/>
    protected override int Units => 128;

    /// <inheritdoc/>
    protected override int BatchSize => 32;

    /// <inheritdoc/>
    protected override double ClipNorm => 5;

    /// <inheritdoc/>
    protected override int MaxSteps => 4000;

    /// <inheritdoc/>
    protected override int CheckEvery => 1000;

    /// <inheritdoc/>
    protected override bool StopsAtBar => false;

    private double bar = 2.50;

    /// <inheritdoc/>
    protected override Sequential Build(CellKind cell, int seed)
    {
        bar = cell.Name == "LSTM" ? 2.65 : 2.50;
        var model = new Sequential(
            [new Input((Window, vocabulary.Length)), cell.Create(Units, true), new Dense(vocabulary.Length)], seed: seed);
        model.Compile(Optimizer, new SparseCategoricalCrossentropy(fromLogits: true));
        return model;
    }

    /// <inheritdoc/>
    protected override (NDArray X, NDArray Y) NextBatch(ref SeededRandom random, int count)
    {
        var starts = new int[count];
        for (int i = 0; i < count; i++)
        {
            starts[i] = random.NextInt(train.Length - Window);
        }

        return Encode(train, starts);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<double> Score(Sequential model) =>
        [model.Evaluate(test.X, test.Y, batchSize: 64)["loss"] / Math.Log(2)];

    /// <inheritdoc/>
    protected override bool Reaches(IReadOnlyList<double> scores) => scores[0] <= bar;

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] < others[0];

    private (NDArray X, NDArray Y) Encode(int[] ids, int[] starts)
    {
        var x = new NDArray(starts.Length, Window, vocabulary.Length);
        var y = new NDArray(starts.Length, Window, 1);
        for (int i = 0; i < starts.Length; i++)
        {
            for (int t = 0; t < Window; t++)
            {
                x.Values[(((i * Window) + t) * vocabulary.Length) + ids[starts[i] + t]] = 1;
                y.Values[(i * Window) + t] = ids[starts[i] + t + 1];
            }
        }

        return (x, y);
    }
}
