using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using static Recurrent.Tests.RandomArrays;

namespace Recurrent.Mpi.Worker;

/// <summary>Models and data that need more of several ranks than gradients: statistics of batches, states, lengths.</summary>
internal static class Kinds
{
    internal static readonly string[] Names =
    [
        "batch", "batches", "frozen", "wrapped", "masked", "stateful", "pieces", "ragged", "steps", "ids", "dice", "ctc",
        "source", "two",
    ];

    /// <summary>Trains a model of a kind, alone or on several ranks.</summary>
    internal static string Train(string kind, Func<Model, Func<Model, History>, History> around)
    {
        Model model = Build(kind);
        History history = around(model, m => Fit(kind, m));
        string states = kind is "stateful" or "pieces"
            ? string.Join(
                " ", model.Predict(Noise(40, 6, 3), batchSize: 40).Values.Take(3).Select(BitConverter.SingleToInt32Bits))
            : "none";
        return $"{Scenarios.Describe((model, history))} {states}";
    }

    private static History Fit(string kind, Model model)
    {
        NDArray x = Noise(120, 6, 3);
        NDArray y = Noise(120, 2);
        return kind switch
        {
            "stateful" => model.Fit(x, y, epochs: 2, batchSize: 40, validationSplit: 1 / 3.0, verbose: 0),
            "pieces" => model.Fit(x, Noise(120, 6, 2), epochs: 2, batchSize: 40, truncatedSteps: 2, verbose: 0),
            "ragged" => model.Fit(Lengths(), y, epochs: 2, batchSize: 50, verbose: 0),
            "steps" => model.Fit(Lengths(), Lengths(2), epochs: 2, batchSize: 50, verbose: 0),
            "ids" => model.Fit(Ids(), y, epochs: 2, batchSize: 50, verbose: 0),
            "dice" => model.Fit(x, Positive(y), epochs: 2, batchSize: 50, verbose: 0),
            "ctc" => model.Fit(x, Labels(), epochs: 2, batchSize: 50, verbose: 0),
            "source" => model.Fit(BatchSource.From(Batches(x, y)), epochs: 2, verbose: 0),
            "two" => model.Fit(x, new NDArray[] { y, Noise(120, 6, 2) }, epochs: 2, batchSize: 48, verbose: 0),
            "masked" => model.Fit(Masked(x), y, epochs: 2, batchSize: 50, verbose: 0,
                sampleWeight: (ModelData)Positive(Noise(120, 1)).Values),
            _ => model.Fit(x, y, epochs: 2, batchSize: 50, validationSplit: 0.1, verbose: 0),
        };
    }

    private static Model Build(string kind)
    {
        Layer[] layers = kind switch
        {
            "batch" or "source" => [new LSTM(5, inputShape: (6, 3)), new BatchNormalization(momentum: 0.8), new Dense(2)],
            "batches" =>
            [
                new BatchNormalization(axis: 1, inputShape: (6, 3)), new LSTM(140, returnSequences: true),
                new BatchNormalization(), new Dropout(0.2), new GRU(140), new BatchNormalization(scale: false), new Dense(2),
            ],
            "frozen" =>
            [
                new LSTM(5, inputShape: (6, 3)), new BatchNormalization(trainable: false), new Dense(4),
                new BatchNormalization(center: false), new Dense(2),
            ],
            "wrapped" => [new TimeDistributed(new BatchNormalization(), inputShape: (6, 3)), new LSTM(4), new Dense(2)],
            "masked" =>
            [
                new Masking(0, inputShape: (6, 3)), new LSTM(5, returnSequences: true), new BatchNormalization(),
                new LSTM(4, activityRegularizer: "l2"), new Dense(2),
            ],
            "stateful" => [new LSTM(5, stateful: true, returnSequences: true, inputShape: (6, 3)), new GRU(4, stateful: true),
                new BatchNormalization(), new Dense(2)],
            "pieces" => [new LSTM(5, stateful: true, returnSequences: true, inputShape: (6, 3)),
                new GRU(4, returnSequences: true), new Dense(2)],
            "ragged" => [new Bidirectional(new LSTM(5), inputShape: (null, 3)), new BatchNormalization(), new Dense(2)],
            "steps" => [new GRU(5, returnSequences: true, goBackwards: true, inputShape: (null, 3)), new Dense(2)],
            "ids" => [new Embedding(9, 4, inputShape: new([null])), new LSTM(5), new Dense(2)],
            "dice" => [new LSTM(5, inputShape: (6, 3)), new Dense(2, activation: "sigmoid")],
            "ctc" => [new LSTM(5, returnSequences: true, inputShape: (6, 3)), new Dense(4)],
            _ => [],
        };
        Model model = kind == "two" ? Two() : new Sequential(layers, seed: 8);
        model.Compile("adam", kind switch { "dice" => "dice", "ctc" => "ctc", _ => "mse" },
            metrics: kind is "ctc" or "two" ? null : ["mae"]);
        return model;
    }

    private static Model Two()
    {
        var input = new Input((6, 3));
        var norm = new BatchNormalization();
        Symbol hidden = norm.Call(new LSTM(4, returnSequences: true).Call(input));
        Symbol again = norm.Call(new GRU(4, returnSequences: true).Call(hidden));
        return new Model(
            input, [new Dense(2, name: "last").Call(new LSTM(3).Call(again)), new Dense(2, name: "all").Call(hidden)], seed: 9);
    }

    private static IEnumerable<Batch> Batches(NDArray x, NDArray y)
    {
        int first = 0;
        foreach (int count in (int[])[50, 33, 37])
        {
            yield return new(new NDArray([count, 6, 3], x.Values[(first * 18)..((first + count) * 18)]),
                new NDArray([count, 2], y.Values[(first * 2)..((first + count) * 2)]));
            first += count;
        }
    }

    private static RaggedSequences Lengths(int features = 3) =>
        new([.. Enumerable.Range(0, 120).Select(i => Noise(2 + (i * 7 % 9), features))]);

    private static RaggedSequences Ids() => new([.. Enumerable.Range(0, 120).Select(
        i => new NDArray([2 + (i * 5 % 6)], [.. Enumerable.Range(0, 2 + (i * 5 % 6)).Select(t => (float)((i + t) % 9))]))]);

    private static NDArray Labels() => new([120, 2], [.. Enumerable.Range(0, 240).Select(i => (float)(1 + (i % 3)))]);

    private static NDArray Positive(NDArray values) => new([.. values.Shape], [.. values.Values.Select(Math.Abs)]);

    private static NDArray Masked(NDArray x)
    {
        for (int i = 0; i < 120; i++)
        {
            x.Values.AsSpan((i * 18) + (3 * (2 + (i % 4))), 3 * (4 - (i % 4))).Clear();
        }

        return x;
    }
}
