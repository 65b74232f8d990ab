using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class LayerNormGRUContract : LayerContract<LayerNormGRUContract>, ILayerCases
{
    private const int WithBias = (3 * 3 * (2 + 3 + 1)) + (2 * 9) + 3;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new LayerNormGRU(3, options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)),
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new LayerNormGRU(3,
                options: new() { Activation = "silu", RecurrentActivation = "gelu", Dropout = dropout,
                    RecurrentDropout = recurrentDropout }, returnSequences: sequences, goBackwards: backwards,
                    zeroOutputForMask: zero)).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new LayerNormGRU(3, options: new() { UseBias = false }, returnSequences: true),
            WithBias - 12),
        .. RecurrentCases.Both("another epsilon", () => new LayerNormGRU(3, epsilon: 0.25, returnSequences: true), WithBias),
        .. RecurrentCases.Both("gelu and softmax",
            () => new LayerNormGRU(3, options: new() { Activation = "gelu", RecurrentActivation = "softmax" },
                returnSequences: true), WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new LayerNormGRU(11, returnSequences: true),
            (3 * 11 * (2 + 11 + 1)) + (2 * 33) + 11),
    ];
}
