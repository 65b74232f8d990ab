using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class ReLUContract : LayerContract<ReLUContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new ReLU(), 5, Weights: 0),
        new("of sequences", () => new ReLU(), (4, 3), Weights: 0),
        new("with a maximum", () => new ReLU(0.5), (4, 3), Weights: 0),
        new("of nothing above 0", () => new ReLU(0, 0.2), (4, 3), Weights: 0),
        new("with a slope", () => new ReLU(negativeSlope: 0.2), (4, 3), Weights: 0),
        new("with a threshold", () => new ReLU(threshold: 0.3), (4, 3), Weights: 0),
        new("with every option", () => new ReLU(0.7, 0.1, 0.2, "act", false, (4, 3)), (4, 3), Weights: 0),
        new("with a mask", () => new ReLU(), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class LeakyReLUContract : LayerContract<LeakyReLUContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new LeakyReLU(), 5, Weights: 0),
        new("of sequences", () => new LeakyReLU(0.1, "act", false, (4, 3)), (4, 3), Weights: 0),
        new("with a mask", () => new LeakyReLU(), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class ELUContract : LayerContract<ELUContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new ELU(), 5, Weights: 0),
        new("of sequences", () => new ELU(0.7, "act", false, (4, 3)), (4, 3), Weights: 0),
        new("with a mask", () => new ELU(), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class PReLUContract : LayerContract<PReLUContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new PReLU(), 5, Weights: 5),
        new("of sequences", () => new PReLU(), (4, 3), Weights: 12) { FirstAxisMayBeUnknown = false },
        new("of images", () => new PReLU(), (2, 4, 3), Weights: 24) { FirstAxisMayBeUnknown = false },
        new("shared over the steps", () => new PReLU(sharedAxes: [1]), (4, 3), Weights: 3),
        new("shared over the features", () => new PReLU(sharedAxes: [-1]), (4, 3), Weights: 4) { FirstAxisMayBeUnknown = false },
        new("shared over the outer axes of three", () => new PReLU(sharedAxes: [1, 3]), (2, 4, 3), Weights: 4),
        new("shared over all", () => new PReLU(sharedAxes: [1, 2]), (4, 3), Weights: 1),
        new("with every option", () => new PReLU("ones", "l2", "non_neg", [1], "act", false, (4, 3)), (4, 3), Weights: 3),
        new("with a mask", () => new PReLU(sharedAxes: [1]), (4, 3), Weights: 3) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class SoftmaxContract : LayerContract<SoftmaxContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new Softmax(), 5, Weights: 0),
        new("of sequences", () => new Softmax(), (4, 3), Weights: 0),
        new("over the steps", () => new Softmax(1), (4, 3), Weights: 0),
        new("over steps and features", () => new Softmax([1, 2]), (4, 3), Weights: 0),
        new("over a middle axis", () => new Softmax(-2, "p", false), (2, 4, 3), Weights: 0),
        new("over the outer axes of three", () => new Softmax([-1, 1]), (2, 4, 3), Weights: 0),
        new("with a mask", () => new Softmax(), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
        new("over the steps, with a mask", () => new Softmax(1), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
        new("over the steps, a sequence masked whole", () => new Softmax([1, 2]), (4, 3), Weights: 0)
        {
            Mask = [true, false, true, true, false, true, false, false, true, true, false, false],
        },
    ];
}

[TestFixture]
public sealed class GluContract : LayerContract<GluContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new Activation("glu"), 6, Weights: 0),
        new("of sequences", () => new Activation("GLU", "gate", false, (4, 2)), (4, 2), Weights: 0),
        new("of images", () => new Activation("glu"), (2, 4, 6), Weights: 0),
        new("with a mask", () => new Activation("glu"), (4, 4), Weights: 0) { Mask = Masks.FourSteps },
    ];
}
