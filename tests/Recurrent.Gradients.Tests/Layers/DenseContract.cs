using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class DenseContract : LayerContract<DenseContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("vectors", () => new Dense(4, kernelInitializer: "zeros"), 3, Weights: (3 * 4) + 4),
        new("tanh", () => new Dense(4, "tanh", kernelInitializer: "zeros"), 3, Weights: (3 * 4) + 4),
    ];
}
