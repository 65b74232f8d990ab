using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class ReshapeContract : LayerContract<ReshapeContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of a vector", () => new Reshape([2, 3]), 6, Weights: 0),
        new("of a sequence", () => new Reshape([3, 4]), (6, 2), Weights: 0) { FirstAxisMayBeUnknown = false },
        new("to a vector", () => new Reshape([-1]), (4, 3), Weights: 0),
        new("with what remains", () => new Reshape([-1, 3]), (6, 2), Weights: 0),
        new("to more axes", () => new Reshape([2, -1, 3], "r", false), (4, 3), Weights: 0),
        new("as it is", () => new Reshape([4, 3]), (4, 3), Weights: 0),
        new("with a mask", () => new Reshape([-1, 6]), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class PermuteContract : LayerContract<PermuteContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of a vector", () => new Permute([1]), 4, Weights: 0),
        new("of a sequence", () => new Permute([2, 1], "p", false), (4, 3), Weights: 0),
        new("of three axes", () => new Permute([3, 1, 2]), (2, 4, 3), Weights: 0),
        new("of the first axes", () => new Permute([2, 1, 3]), (2, 4, 3), Weights: 0),
        new("with a mask", () => new Permute([2, 1]), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class Cropping1DContract : LayerContract<Cropping1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("by default", () => new Cropping1D(), (4, 3), Weights: 0),
        new("at one end", () => new Cropping1D((2, 0), "c", false), (4, 3), Weights: 0),
        new("of nothing", () => new Cropping1D(0), (4, 3), Weights: 0),
        new("with a mask", () => new Cropping1D((1, 2)), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class UpSampling1DContract : LayerContract<UpSampling1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("by default", () => new UpSampling1D(), (4, 3), Weights: 0),
        new("three times", () => new UpSampling1D(3, "u", false), (4, 3), Weights: 0),
        new("once", () => new UpSampling1D(1), (4, 3), Weights: 0),
        new("with a mask", () => new UpSampling1D(), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class ZeroPadding1DContract : LayerContract<ZeroPadding1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("by default", () => new ZeroPadding1D(), (4, 3), Weights: 0),
        new("at one end", () => new ZeroPadding1D((0, 2), name: "z", trainable: false), (4, 3), Weights: 0),
        new("of nothing", () => new ZeroPadding1D(0), (4, 3), Weights: 0),
        new("channels first", () => new ZeroPadding1D((1, 2), "channels_first"), (4, 3), Weights: 0),
        new("with a mask", () => new ZeroPadding1D((1, 2)), (4, 3), Weights: 0) { Mask = Masks.FourSteps },
    ];
}
