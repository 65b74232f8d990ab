using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Benchmarks;

/// <summary>
/// A model with data of a size that people train. The same workloads run in PyTorch (peers/pytorch.py) and, predicting only, in
/// ONNX Runtime (peers/onnxruntime.mjs).
/// </summary>
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
    /// <summary>Fewest steps of a sample where lengths differ.</summary>
    private const int LeastSteps = 10;

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
        new("W4", 256, 100, 64, 1, 64, () => [new LSTM(256, returnSequences: true), new LSTM(256), new Dense(1)])
        {
            // For a step of a sample: each layer's W and U forward, their gradients, and U, and the second layer's W, once more
            // on the way back.
            FlopsPerEpoch = 256.0 * 100 * 2 * 1024 * ((2 * 64) + (3 * 256) + (6 * 256)),
        },
        new("W5", 1024, 100, 8, 1, 32, () => [new SimpleRNN(64), new Dense(1)]),
        new("masked", 512, 100, 8, 1, 32, () => [new Masking(), new GRU(64), new Dense(1)]) { LengthsDiffer = true },
        new("dropout", 512, 50, 16, 1, 32, () => [new LSTM(128, recurrentDropout: 0.2), new Dense(1)]),
    ];

    /// <summary>Whether samples have lengths from <see cref="LeastSteps"/> to <see cref="Steps"/>, all equally likely.</summary>
    public bool LengthsDiffer { get; init; }

    /// <summary>Arithmetic of the matrix products of an epoch of training; 0 where nobody has counted it.</summary>
    public double FlopsPerEpoch { get; init; }

    /// <summary>Whether it is one of the five that everything is measured on.</summary>
    public bool IsNumbered => Name is ['W', _];

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
        for (int sample = 0; sample < Samples; sample++)
        {
            int length = LengthsDiffer ? LeastSteps + random.NextInt(Steps - LeastSteps + 1) : Steps;
            foreach (ref float value in x.Values.AsSpan(sample * Steps * Features, length * Features))
            {
                value = (float)random.NextNormal();
            }
        }

        var y = new NDArray(Samples, 1);
        foreach (ref float value in y.Values.AsSpan())
        {
            value = Outputs > 1 ? random.NextInt(Outputs) : (float)random.NextNormal();
        }

        return (x, y);
    }
}
