using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Benchmarks;

/// <summary>
/// A model with data of a size that people train. Peers run the same: Recurrent.Benchmarks.Libtorch, and ONNX Runtime.
/// </summary>
/// <param name="Size">Its name and its sizes.</param>
/// <param name="Layers">The layers, where one follows the other; null where they do not.</param>
internal sealed record Workload(Sizes Size, Func<IEnumerable<Layer>>? Layers)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("W1", () =>
        [
            new LSTM(50, returnSequences: true), new Dropout(0.2),
            new LSTM(50, returnSequences: true), new Dropout(0.2),
            new LSTM(50), new Dropout(0.2),
            new Dense(1),
        ]),
        new("W2", () => [new LSTM(50), new Dense(1)]),
        new("W3", () => [new GRU(128), new Dense(2, "softmax")]),
        new("W4", () => [new LSTM(256, returnSequences: true), new LSTM(256), new Dense(1)])
        {
            // For a step of a sample: each layer's W and U forward, their gradients, and U, and the second layer's W, once more
            // on the way back.
            FlopsPerEpoch = 256.0 * 100 * 2 * 1024 * ((2 * 64) + (3 * 256) + (6 * 256)),
        },
        new("W5", () => [new SimpleRNN(64), new Dense(1)]),
        new("masked", () => [new Masking(), new GRU(64), new Dense(1)]),
        new("dropout", () => [new LSTM(128, recurrentDropout: 0.2), new Dense(1)]),
        new("A1", size =>
        {
            Symbol x = new Input((size.Steps, size.Features)).Output;
            Symbol attended = new MultiHeadAttention(numHeads: 4, keyDim: 16).Call(x, x);
            return new(x, new Dense(1).Call(new GlobalAveragePooling1D().Call(attended)));
        }),
        new("C1", () =>
        [
            .. Enumerable.Range(0, 4).Select(i => new Conv1D(64, 5, padding: "causal", dilationRate: 1 << i, activation: "relu")),
            new Cropping1D((Sizes.Of("C1").Steps - 1, 0)), new Flatten(), new Dense(1),
        ]),
        new("E1", size =>
        {
            Symbol source = new Input((size.Steps - size.DecoderSteps, size.Features)).Output;
            Symbol target = new Input((size.DecoderSteps, size.Features)).Output;
            var (read, h, c) = new LSTM(128, returnSequences: true, returnState: true).Call(source);
            Symbol written = new LSTM(128, returnSequences: true).Call(target, initialState: [h, c]);
            Symbol found = new Attention().Call(written, read);
            Symbol joined = new Concatenate().Call(written, found);
            return new([source, target], new Dense(size.Outputs, "softmax").Call(joined));
        }),
        new("P1", () =>
        [
            new TransformerEncoder(64, numHeads: 4, intermediateDim: 128, name: "block_1"),
            new TransformerEncoder(64, numHeads: 4, intermediateDim: 128, name: "block_2"),
            new GlobalAveragePooling1D(), new Dense(1),
        ]),
    ];

    private Workload(string name, Func<IEnumerable<Layer>> layers)
        : this(Sizes.Of(name), layers)
    {
    }

    private Workload(string name, Func<Sizes, Model> graph)
        : this(Sizes.Of(name), (Func<IEnumerable<Layer>>?)null) => Graph = graph;

    public string Name => Size.Name;

    public int Samples => Size.Samples;

    public int Steps => Size.Steps;

    public int Features => Size.Features;

    public int Outputs => Size.Outputs;

    public int BatchSize => Size.BatchSize;

    /// <summary>Arithmetic of the matrix products of an epoch of training; 0 where nobody has counted it.</summary>
    public double FlopsPerEpoch { get; init; }

    /// <summary>Makes the model where the layers do not follow one another; else null.</summary>
    private Func<Sizes, Model>? Graph { get; }

    /// <summary>Whether it is one of the five that everything is measured on.</summary>
    public bool IsNumbered => Name is ['W', _];

    /// <summary>A compiled model.</summary>
    /// <param name="threads">Most threads it may use.</param>
    public Model CreateModel(int threads)
    {
        Model model = Graph?.Invoke(Size) ?? new Sequential([new Input((Steps, Features)), .. Layers!()]);
        model.MaxDegreeOfParallelism = threads;
        Loss loss = Size.HasLabels ? "sparse_categorical_crossentropy" : "mse";
        model.Compile("adam", loss);
        return model;
    }

    /// <summary>Random inputs, one array for each input of the model, and targets, always the same.</summary>
    public (NDArray[] X, NDArray Y) CreateData()
    {
        var random = new SeededRandom(1);
        NDArray[] x = Size.DecoderSteps > 0
            ? [CreateInput(Steps - Size.DecoderSteps, ref random), CreateInput(Size.DecoderSteps, ref random)]
            : [CreateInput(Steps, ref random)];
        var y = Size.DecoderSteps > 0 ? new NDArray(Samples, Size.DecoderSteps, 1) : new NDArray(Samples, 1);
        foreach (ref float value in y.Values.AsSpan())
        {
            value = Size.HasLabels ? random.NextInt(Outputs) : (float)random.NextNormal();
        }

        return (x, y);
    }

    private NDArray CreateInput(int steps, ref SeededRandom random)
    {
        var x = new NDArray(Samples, steps, Features);
        for (int sample = 0; sample < Samples; sample++)
        {
            int length = Size.LengthsDiffer ? Sizes.LeastSteps + random.NextInt(steps - Sizes.LeastSteps + 1) : steps;
            foreach (ref float value in x.Values.AsSpan(sample * steps * Features, length * Features))
            {
                value = (float)random.NextNormal();
            }
        }

        return x;
    }
}
