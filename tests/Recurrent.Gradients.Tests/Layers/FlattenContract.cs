using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class FlattenContract : LayerContract<FlattenContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of vectors", () => new Flatten(), 3, Weights: 0),
        new("of sequences", () => new Flatten("channels_last"), (4, 3), Weights: 0),
        new("of images", () => new Flatten(), (2, 4, 3), Weights: 0),
        new("of channels first", () => new Flatten("channels_first"), (3, 2), Weights: 0),
        new("of images of channels first", () => new Flatten("channels_first"), (3, 4, 2), Weights: 0),
        new("where a mask ends", () => new Flatten(), (2, 3), Weights: 0) { Mask = [true, true, true, true, false, false] },
    ];
}
