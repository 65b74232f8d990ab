using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class ActivationContract : LayerContract<ActivationContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("linear", () => new Activation("linear"), 3, Weights: 0),
        new("tanh", () => new Activation("tanh"), (4, 3), Weights: 0),
        new("sigmoid", () => new Activation("sigmoid"), (2, 4, 3), Weights: 0),
        new("softmax", () => new Activation("softmax"), (4, 3), Weights: 0),
        new("softplus, whose derivative needs the input", () => new Activation("softplus"), (4, 3), Weights: 0),
        new("with a mask", () => new Activation("tanh"), (2, 3), Weights: 0) { Mask = [true, true, true, true, false, false] },
    ];
}
