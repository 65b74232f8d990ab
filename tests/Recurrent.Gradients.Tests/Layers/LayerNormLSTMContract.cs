using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class LayerNormLSTMContract : LayerContract<LayerNormLSTMContract>, ILayerCases
{
    private const int WithBias = (4 * 3 * (2 + 3 + 1)) + (2 * 12) + 6;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new LayerNormLSTM(3, returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)
        {
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
        }),
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new LayerNormLSTM(3, "silu", "gelu", returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)
        {
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
        }).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new LayerNormLSTM(3, returnSequences: true) { UseBias = false }, WithBias - 15),
        .. RecurrentCases.Both("no unit forget bias", () => new LayerNormLSTM(3, unitForgetBias: false, seed: 4), WithBias),
        .. RecurrentCases.Both("another epsilon", () => new LayerNormLSTM(3, epsilon: 0.25, returnSequences: true), WithBias),
        .. RecurrentCases.Both("gelu and softmax", () => new LayerNormLSTM(3, "gelu", "softmax", returnSequences: true), WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new LayerNormLSTM(11, returnSequences: true), (4 * 11 * (2 + 11 + 1)) + (2 * 44) + 22),
    ];
}
