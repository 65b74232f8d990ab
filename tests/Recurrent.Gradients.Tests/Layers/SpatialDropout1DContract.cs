using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class SpatialDropout1DContract : LayerContract<SpatialDropout1DContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("in inference", () => new SpatialDropout1D(0.5), (4, 3), Weights: 0),
        new("in training", () => new SpatialDropout1D(0.4, seed: 3), (4, 3), Weights: 0) { Training = true },
        new("of rate 0", () => new SpatialDropout1D(0), (4, 3), Weights: 0) { Training = true },
        new("of rate 1", () => new SpatialDropout1D(1), (4, 3), Weights: 0) { Training = true },
        new("with a mask", () => new SpatialDropout1D(0.4, name: "drop", inputShape: (2, 3)), (2, 3), Weights: 0)
        {
            Training = true,
            Mask = [true, true, true, true, false, false],
        },
    ];
}
