using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class LSTMContract : LayerContract<LSTMContract>, ILayerCases
{
    private const int WithBias = 4 * 3 * (2 + 3 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new LSTM(
            RecurrentCases.Units,
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero,
            dropout: dropout,
            recurrentDropout: recurrentDropout)),
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new LSTM(
            RecurrentCases.Units,
            "silu",
            "gelu",
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero,
            dropout: dropout,
            recurrentDropout: recurrentDropout)).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new LSTM(3, useBias: false), WithBias - 12),
        .. RecurrentCases.Both("no unit forget bias", () => new LSTM(3, unitForgetBias: false), WithBias),
        .. RecurrentCases.Both("gelu and softmax", () => new LSTM(3, "gelu", "softmax", returnSequences: true), WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new LSTM(11, returnSequences: true), 4 * 11 * (2 + 11 + 1)),
        .. RecurrentCases.Both("sigmoid for both", () => new LSTM(11, "sigmoid", returnSequences: true), 4 * 11 * (2 + 11 + 1)),
    ];
}
