using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class DropoutContract : LayerContract<DropoutContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("in inference", () => new Dropout(0.5), (4, 3), Weights: 0),
        new("in training", () => new Dropout(0.4), (4, 3), Weights: 0) { Training = true },
        new("of vectors, an odd number of entries", () => new Dropout(0.4, seed: 3), 3, Weights: 0) { Training = true },
        new("of rate 0", () => new Dropout(0), (4, 3), Weights: 0) { Training = true },
        new("of rate 1", () => new Dropout(1), (4, 3), Weights: 0) { Training = true },
        new("the same at all steps", () => new Dropout(0.4, [null, 1, null]), (4, 3), Weights: 0) { Training = true },
        new("of whole steps", () => new Dropout(0.4, [null, null, 1]), (4, 3), Weights: 0) { Training = true },
        new("the same along a middle axis", () => new Dropout(0.4, [null, 2, 1, 3]), (2, 4, 3), Weights: 0) { Training = true },
        new("with a mask", () => new Dropout(0.4), (2, 3), Weights: 0)
        {
            Training = true,
            Mask = [true, true, true, true, false, false],
        },
    ];
}
