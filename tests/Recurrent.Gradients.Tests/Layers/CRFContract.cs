using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class CRFContract : LayerContract<CRFContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of three tags", () => new CRF(3), (4, 5), Weights: 15 + 3 + 9 + 6),
        new("without a kernel", () => new CRF(3, useKernel: false), (4, 3), Weights: 9 + 6),
        new("without boundaries", () => new CRF(["a", "b"], useBoundary: false), (4, 5), Weights: 10 + 2 + 4),
        new("with a mask", () => new CRF(3), (4, 2), Weights: 6 + 3 + 9 + 6)
        {
            Mask = [false, true, true, true, true, false, true, true, true, false, true, false],
        },
        new("with a scheme", () => new CRF(["O", "B-X", "I-X"], "bio", [("B-X", "B-X"), (null, "B-X"), ("I-X", null)]), (4, 2),
            Weights: 6 + 3 + 9 + 6),
    ];
}
