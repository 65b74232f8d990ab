using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class LayerNormalizationContract : LayerContract<LayerNormalizationContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new LayerNormalization(), 5, Weights: 10),
        new("of sequences", () => new LayerNormalization(), (4, 3), Weights: 6),
        new("of images", () => new LayerNormalization(), (2, 4, 3), Weights: 6),
        new("of one sample", () => new LayerNormalization(), 3, Weights: 6) { Batch = 1 },
        new("of one feature, which is 0 by itself", () => new LayerNormalization(scale: false), (4, 1), Weights: 1),
        new("with another epsilon", () => new LayerNormalization(epsilon: 0.5), (4, 3), Weights: 6),
        new("without shift", () => new LayerNormalization(center: false), (4, 3), Weights: 3),
        new("without scale", () => new LayerNormalization(scale: false), (4, 3), Weights: 3),
        new("without either", () => new LayerNormalization(center: false, scale: false), (4, 3), Weights: 0),
        new("over steps and features", () => new LayerNormalization([1, 2]), (4, 3), Weights: 24) {
            FirstAxisMayBeUnknown = false },
        new("over the steps", () => new LayerNormalization([-2]), (4, 3), Weights: 8) { FirstAxisMayBeUnknown = false },
        new("over the outer axes of three", () => new LayerNormalization([-1, 1]), (2, 4, 3), Weights: 12) {
            FirstAxisMayBeUnknown = false },
        new("with a mask", () => new LayerNormalization(), (2, 3), Weights: 6) { Mask = [true, true, true, true, false, false] },
        new("rms scaling", () => new LayerNormalization(rmsScaling: true), (4, 3), Weights: 3),
        new("rms scaling, whatever center and scale say", () => new LayerNormalization(
            epsilon: 0.5, center: false, scale: false, rmsScaling: true), 5, Weights: 5),
        new("rms scaling over steps and features", () => new LayerNormalization([1, 2], rmsScaling: true), (4, 3), Weights: 12) {
            FirstAxisMayBeUnknown = false },
        new("rms scaling over the steps, with a mask", () => new LayerNormalization([1], rmsScaling: true), (2, 3), Weights: 2) {
            FirstAxisMayBeUnknown = false, Mask = [true, true, true, true, false, false] },
        new(
            "with every option",
            () => new LayerNormalization([-1], 0.01, true, true, "ones", "zeros", "l1", "l2", "non_neg", "unit_norm",
                "norm", false, (4, 3)),
            (4, 3),
            Weights: 6),
    ];
}
