using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class TimeDistributedContract : LayerContract<TimeDistributedContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("Dense of vectors", () => Of(Dense()), (5, 3), Weights: (3 * 4) + 4),
        new("Dense of sequences", () => Of(Dense()), (2, 5, 3), Weights: (3 * 4) + 4),
        new("Dense of one step", () => Of(Dense()), (1, 5, 3), Weights: (3 * 4) + 4),
        new("Dense of images", () => Of(Dense()), new(2, 2, 3, 3), Weights: (3 * 4) + 4) { Batch = 2 },
        new("Flatten, which takes an axis away", () => Of(new Flatten()), (2, 4, 3), Weights: 0),
        new("RepeatVector, which adds an axis", () => Of(new RepeatVector(4)), (2, 3), Weights: 0),
        new("Dropout in training", () => Of(new Dropout(0.4)), (4, 3), Weights: 0) { Training = true },
        new("Dropout in inference", () => Of(new Dropout(0.4)), (2, 4, 3), Weights: 0),
        new("itself", () => Of(Of(Dense())), (2, 4, 3), Weights: (3 * 4) + 4),
        new("with a mask", () => Of(Dense()), (2, 3), Weights: (3 * 4) + 4) { Mask = [true, true, true, true, false, false] },
        new("with a mask of several columns per step", () => Of(Dense()), (2, 2, 3), Weights: (3 * 4) + 4)
        {
            Batch = 2,
            Mask = [true, true, true, false, false, true, true, true],
        },
        new("a recurrent layer", () => Of(new GRU(2)), (2, 3, 2), Weights: (6 * (2 + 2)) + 12),
        new("a recurrent layer over masked steps", () => Of(new LSTM(2, returnSequences: true)), (2, 2, 2),
            Weights: 8 * (2 + 2 + 1))
        {
            Batch = 2,
            Mask = [true, true, true, false, false, true, true, true],
        },
        new("a frozen layer", () => Of(new Dense(4, kernelInitializer: "zeros", trainable: false)), (5, 3), Weights: (3 * 4) + 4),
    ];

    private static TimeDistributed Of(Layer layer) => new(layer);

    private static Dense Dense() => new(4, "tanh", kernelInitializer: "zeros");
}
