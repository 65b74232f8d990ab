using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class LayerNormLSTMContract : LayerContract<LayerNormLSTMContract>, ILayerCases
{
    private const int WithBias = (4 * 3 * (2 + 3 + 1)) + (2 * 12) + 6;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new LayerNormLSTM(3, options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)),
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new LayerNormLSTM(3,
                options: new() { Activation = "silu", RecurrentActivation = "gelu", Dropout = dropout,
                    RecurrentDropout = recurrentDropout }, returnSequences: sequences, goBackwards: backwards,
                    zeroOutputForMask: zero)).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new LayerNormLSTM(3, options: new() { UseBias = false }, returnSequences: true),
            WithBias - 15),
        .. RecurrentCases.Both("no unit forget bias",
            () => new LayerNormLSTM(3, options: new() { UnitForgetBias = false, Seed = 4 }), WithBias),
        .. RecurrentCases.Both("another epsilon", () => new LayerNormLSTM(3, epsilon: 0.25, returnSequences: true), WithBias),
        .. RecurrentCases.Both("gelu and softmax",
            () => new LayerNormLSTM(3, options: new() { Activation = "gelu", RecurrentActivation = "softmax" },
                returnSequences: true), WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new LayerNormLSTM(11, returnSequences: true),
            (4 * 11 * (2 + 11 + 1)) + (2 * 44) + 22),
    ];
}
