using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class GaussianNoiseContract : LayerContract<GaussianNoiseContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("in training", () => new GaussianNoise(0.5), (4, 3), Weights: 0) { Training = true },
        new("in prediction", () => new GaussianNoise(0.5, 7, "n", false, (4, 3)), (4, 3), Weights: 0),
        new("of nothing", () => new GaussianNoise(0), (4, 3), Weights: 0) { Training = true },
        new("with a mask", () => new GaussianNoise(0.5), (4, 3), Weights: 0) { Training = true, Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class GaussianDropoutContract : LayerContract<GaussianDropoutContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("in training", () => new GaussianDropout(0.5), (4, 3), Weights: 0) { Training = true },
        new("in prediction", () => new GaussianDropout(0.5, 7, "n", false, (4, 3)), (4, 3), Weights: 0),
        new("of nothing", () => new GaussianDropout(0), (4, 3), Weights: 0) { Training = true },
        new("with a mask", () => new GaussianDropout(0.5), (4, 3), Weights: 0) { Training = true, Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class AlphaDropoutContract : LayerContract<AlphaDropoutContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("in training", () => new AlphaDropout(0.4), (4, 3), Weights: 0) { Training = true },
        new("in prediction", () => new AlphaDropout(0.4, null, 7, "n", false, (4, 3)), (4, 3), Weights: 0),
        new("the same at all steps", () => new AlphaDropout(0.4, [null, 1, null]), (4, 3), Weights: 0) { Training = true },
        new("of whole steps", () => new AlphaDropout(0.4, [null, null, 1]), (4, 3), Weights: 0) { Training = true },
        new("with a mask", () => new AlphaDropout(0.4), (4, 3), Weights: 0) { Training = true, Mask = Masks.FourSteps },
    ];
}

[TestFixture]
public sealed class PassThroughContract : LayerContract<PassThroughContract>, ILayerCases
{
    private static readonly Shape Sequence = (4, 3);

    public static IEnumerable<LayerCase> Cases =>
    [
        new("Identity", () => new Identity("i", false, (4, 3)), Sequence, Weights: 0),
        new("Identity, mask", () => new Identity(), Sequence, Weights: 0) { Mask = Masks.FourSteps },
        new("ActivityRegularization", () => new ActivityRegularization(0.1, 0.2, "r", false), Sequence, Weights: 0),
        new("ActivityRegularization of vectors", () => new ActivityRegularization(), 4, Weights: 0),
        new("Rescaling", () => new Rescaling(0.5, -1, "s", false), Sequence, Weights: 0),
        new("Rescaling of each feature", () => new Rescaling([0.5, -2, 3], [1, 0, -1]), Sequence, Weights: 0),
        new("Rescaling without shift", () => new Rescaling([0.5, -2, 3]), Sequence, Weights: 0) { Mask = Masks.FourSteps },
    ];
}
