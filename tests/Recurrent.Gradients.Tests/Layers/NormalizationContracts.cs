using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>Masks that the cases of layers without time share: columns are (time, batch) of three samples.</summary>
internal static class Masks
{
    public static readonly bool[] FourSteps = [true, true, false, true, true, true, false, true, true, true, false, false];
}

[TestFixture]
public sealed class RMSNormalizationContract : LayerContract<RMSNormalizationContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new RMSNormalization(), 5, Weights: 5),
        new("of sequences", () => new RMSNormalization(), (4, 3), Weights: 3),
        new("of images", () => new RMSNormalization(), (2, 4, 3), Weights: 3),
        new("of one feature", () => new RMSNormalization(epsilon: 0.1), (4, 1), Weights: 1),
        new("with another epsilon", () => new RMSNormalization(epsilon: 0.5), (4, 3), Weights: 3),
        new("over steps and features", () => new RMSNormalization([1, 2]), (4, 3), Weights: 12) { FirstAxisMayBeUnknown = false },
        new("over the steps", () => new RMSNormalization([-2]), (4, 3), Weights: 4) { FirstAxisMayBeUnknown = false },
        new("over the outer axes of three", () => new RMSNormalization([-1, 1]), (2, 4, 3), Weights: 6) {
            FirstAxisMayBeUnknown = false },
        new("with a mask", () => new RMSNormalization(), (4, 3), Weights: 3) { Mask = Masks.FourSteps },
        new("with every option", () => new RMSNormalization([-1], 0.01, "norm", false, (4, 3)) { ActivityRegularizer = "l2" },
            (4, 3), Weights: 3),
    ];
}

[TestFixture]
public sealed class UnitNormalizationContract : LayerContract<UnitNormalizationContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new UnitNormalization(), 5, Weights: 0),
        new("of sequences", () => new UnitNormalization(), (4, 3), Weights: 0),
        new("over the steps", () => new UnitNormalization(1), (4, 3), Weights: 0),
        new("over steps and features", () => new UnitNormalization([1, 2]), (4, 3), Weights: 0),
        new("over the outer axes of three", () => new UnitNormalization([-1, 1], "norm", false), (2, 4, 3), Weights: 0),
        new("with a mask", () => new UnitNormalization(), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class GroupNormalizationContract : LayerContract<GroupNormalizationContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new GroupNormalization(2), 6, Weights: 12),
        new("of sequences", () => new GroupNormalization(2), (4, 6), Weights: 12),
        new("of images", () => new GroupNormalization(3), (2, 4, 6), Weights: 12),
        new("of one group", () => new GroupNormalization(1), (4, 3), Weights: 6),
        new("of a group for each channel", () => new GroupNormalization(-1), (4, 3), Weights: 6),
        new("over the first axis", () => new GroupNormalization(2, axis: 1), (4, 3), Weights: 8) {
            FirstAxisMayBeUnknown = false },
        new("over a middle axis", () => new GroupNormalization(2, axis: -2), (2, 4, 3), Weights: 8),
        new("with another epsilon", () => new GroupNormalization(2, epsilon: 0.5), (4, 4), Weights: 8),
        new("without shift", () => new GroupNormalization(2, center: false), (4, 4), Weights: 4),
        new("without scale", () => new GroupNormalization(2, scale: false), (4, 4), Weights: 4),
        new("without either", () => new GroupNormalization(2, center: false, scale: false), (4, 4), Weights: 0),
        new("with a mask", () => new GroupNormalization(2), (4, 4), Weights: 8) { Mask = Masks.FourSteps },
        new(
            "with every option",
            () => new GroupNormalization(2, -1, 0.01, true, true, "ones", "zeros", "l1", "l2", "non_neg", "unit_norm",
                "norm", false, (4, 4)),
            (4, 4),
            Weights: 8),
    ];
}

[TestFixture]
public sealed class BatchNormalizationContract : LayerContract<BatchNormalizationContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases => [.. Layers.SelectMany(Both)];

    private static IEnumerable<LayerCase> Layers =>
    [
        new("of vectors", () => new BatchNormalization(), 5, Weights: 20),
        new("of sequences", () => new BatchNormalization(), (4, 3), Weights: 12),
        new("of images", () => new BatchNormalization(), (2, 4, 3), Weights: 12),
        new("over the first axis", () => new BatchNormalization(1), (4, 3), Weights: 16) { FirstAxisMayBeUnknown = false },
        new("over a middle axis", () => new BatchNormalization(-2), (2, 4, 3), Weights: 16),
        new("with another epsilon", () => new BatchNormalization(epsilon: 0.5), (4, 3), Weights: 12),
        new("without shift", () => new BatchNormalization(center: false), (4, 3), Weights: 9),
        new("without scale", () => new BatchNormalization(scale: false), (4, 3), Weights: 9),
        new("without either", () => new BatchNormalization(center: false, scale: false), (4, 3), Weights: 6),
        new("frozen", () => new BatchNormalization(trainable: false), (4, 3), Weights: 12),
        new("with a mask", () => new BatchNormalization(), (4, 3), Weights: 12) { Mask = Masks.FourSteps },
        new("over the first axis, with a mask", () => new BatchNormalization(1), (4, 3), Weights: 16)
        {
            Mask = Masks.FourSteps, FirstAxisMayBeUnknown = false,
        },
        new("of steps of which one is masked whole", () => new BatchNormalization(1), (4, 3), Weights: 16)
        {
            Mask = [true, true, false, false, false, false, true, true, true, true, false, true], FirstAxisMayBeUnknown = false,
        },
        new(
            "with every option",
            () => new BatchNormalization(
                -1, 0.8, 0.01, true, true, "ones", "zeros", "ones", "zeros", "l1", "l2", "non_neg", "unit_norm", true,
                    "norm", true, (4, 3)),
            (4, 3),
            Weights: 12),
    ];

    private static IEnumerable<LayerCase> Both(LayerCase of) =>
    [
        of,
        of with { Name = $"{of.Name}, in training", Training = true,
            SamplesAreIndependent = of.Create() is { Trainable: false } },
    ];
}

[TestFixture]
public sealed class SpectralNormalizationContract : LayerContract<SpectralNormalizationContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of a Dense", () => new SpectralNormalization(new Dense(4, "tanh")), 3, Weights: 20),
        new("of sequences", () => new SpectralNormalization(new Dense(2, useBias: false), 3, "spec", false), (4, 3), Weights: 8),
        new("of a convolution", () => new SpectralNormalization(new Conv1D(3, 2)), (4, 2), Weights: 18) {
            FirstAxisMayBeUnknown = true },
        new("of embeddings", () => new SpectralNormalization(new Embedding(5, 3)), 4, Weights: 18),
        new("with a mask", () => new SpectralNormalization(new Dense(4)), (4, 3), Weights: 20) { Mask = Masks.FourSteps },
    ];
}
