using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class SimpleRNNContract : LayerContract<SimpleRNNContract>, ILayerCases
{
    private const int WithBias = 3 * (2 + 3 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new SimpleRNN(
            RecurrentCases.Units,
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero,
            dropout: dropout,
            recurrentDropout: recurrentDropout)),
        .. RecurrentCases.Both("no bias", () => new SimpleRNN(3, useBias: false), WithBias - 3),
        .. RecurrentCases.Both("softplus", () => new SimpleRNN(3, "softplus", returnSequences: true), WithBias),
        .. RecurrentCases.Both("gelu", () => new SimpleRNN(3, "gelu", returnSequences: true), WithBias),
        .. RecurrentCases.Both("softmax", () => new SimpleRNN(3, "softmax", returnSequences: true), WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new SimpleRNN(19, returnSequences: true), 19 * (2 + 19 + 1)),
    ];
}
