using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class InputContract : LayerContract<InputContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of a known shape", () => new Input((4, 3)), (4, 3), Weights: 0) { FirstAxisMayBeUnknown = false },
        new("of any number of steps", () => new Input((null, 3), 3, "float64", "given"), (4, 3), Weights: 0),
    ];
}
