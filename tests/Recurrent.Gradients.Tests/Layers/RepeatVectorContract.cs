using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class RepeatVectorContract : LayerContract<RepeatVectorContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("several times", () => new RepeatVector(4), 3, Weights: 0),
        new("once", () => new RepeatVector(1), 3, Weights: 0),
        new("where a mask ends", () => new RepeatVector(2), 3, Weights: 0) { Mask = [true, true, false] },
    ];
}
