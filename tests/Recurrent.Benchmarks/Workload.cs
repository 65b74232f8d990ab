using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Benchmarks;

/// <summary>A model with data of a size that people train. The same workloads run in PyTorch: peers/pytorch.py.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Samples">Number of samples of an epoch.</param>
/// <param name="Steps">Time steps of a sample.</param>
/// <param name="Features">Features of a step.</param>
/// <param name="Outputs">Outputs of a sample; class labels where there is more than one.</param>
/// <param name="BatchSize">Samples of a batch.</param>
/// <param name="Layers">The layers.</param>
internal sealed record Workload(
    string Name, int Samples, int Steps, int Features, int Outputs, int BatchSize, Func<IEnumerable<Layer>> Layers)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("W1", 1000, 10, 1, 1, 32, () =>
        [
            new LSTM(50, returnSequences: true), new Dropout(0.2),
            new LSTM(50, returnSequences: true), new Dropout(0.2),
            new LSTM(50), new Dropout(0.2),
            new Dense(1),
        ]),
        new("W2", 100, 10, 1, 1, 10, () => [new LSTM(50), new Dense(1)]),
        new("W3", 1024, 50, 10, 2, 32, () => [new GRU(128), new Dense(2, "softmax")]),
        new("W4", 256, 100, 64, 1, 64, () => [new LSTM(256, returnSequences: true), new LSTM(256), new Dense(1)]),
        new("W5", 1024, 100, 8, 1, 32, () => [new SimpleRNN(64), new Dense(1)]),
    ];

    /// <summary>A compiled model.</summary>
    /// <param name="threads">Most threads it may use.</param>
    public Sequential CreateModel(int threads)
    {
        var model = new Sequential([new Input((Steps, Features)), .. Layers()]) { MaxDegreeOfParallelism = threads };
        Loss loss = Outputs > 1 ? "sparse_categorical_crossentropy" : "mse";
        model.Compile("adam", loss);
        return model;
    }

    /// <summary>Random inputs and targets, always the same.</summary>
    public (NDArray X, NDArray Y) CreateData()
    {
        var random = new SeededRandom(1);
        var x = new NDArray(Samples, Steps, Features);
        foreach (ref float value in x.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        var y = new NDArray(Samples, 1);
        foreach (ref float value in y.Values.AsSpan())
        {
            value = Outputs > 1 ? random.NextInt(Outputs) : (float)random.NextNormal();
        }

        return (x, y);
    }
}
