using Recurrent.Activations;
using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class DenseContract : LayerContract<DenseContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => Dense(), 3, Weights: (3 * 4) + 4),
        new("of sequences", () => Dense(), (5, 3), Weights: (3 * 4) + 4),
        new("of images", () => Dense(), (2, 5, 3), Weights: (3 * 4) + 4),
        new("of one sample", () => Dense(), 3, Weights: (3 * 4) + 4) { Batch = 1 },
        new("with tanh", () => Dense("tanh"), (2, 3), Weights: (3 * 4) + 4),
        new("without bias", () => Dense("sigmoid", useBias: false), 3, Weights: 3 * 4),
        new("with softmax", () => Dense("softmax"), (2, 3), Weights: (3 * 4) + 4),
        new("with softplus, whose derivative needs the input", () => Dense("softplus"), 3, Weights: (3 * 4) + 4),
        new("with a mask", () => Dense("tanh"), (2, 3), Weights: (3 * 4) + 4) { Mask = [true, true, true, true, false, false] },
        new(
            "with every option",
            () => new Dense(2, "tanh", true, "zeros", "zeros", "l2", "l2", "l2", "non_neg", "non_neg", "all",
                false, inputShape: 3),
            3,
            Weights: (3 * 2) + 2),
    ];

    private static Dense Dense(ActivationFunction? activation = null, bool useBias = true) =>
        new(4, activation, useBias, kernelInitializer: "zeros");
}
