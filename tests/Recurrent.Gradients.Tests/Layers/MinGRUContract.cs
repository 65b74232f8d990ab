using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class MinGRUContract : LayerContract<MinGRUContract>, ILayerCases
{
    private const int WithBias = 2 * 3 * (2 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("linear", "linear", "sigmoid"),
        .. Of("as in log space", "soft_positive", "sigmoid"),
        .. Of("gelu and silu", "gelu", "silu"),
        .. RecurrentCases.Both("no bias", () => new MinGRU(3, options: new() { UseBias = false }), WithBias - 6),
        .. RecurrentCases.Both("softmax",
            () => new MinGRU(3, options: new() { Activation = "softmax", RecurrentActivation = "softmax" },
                returnSequences: true), WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new MinGRU(11, returnSequences: true), 2 * 11 * 3),
        .. RecurrentCases.Both("cell", () => new RNN(new MinGRUCell(3, options: new() { Activation = "tanh", Seed = 3 })),
            WithBias),
        .. RecurrentCases.Both("zoneout of the cell", () => new RNN(new ZoneoutCell(new MinGRUCell(3))), WithBias),
    ];

    private static IEnumerable<LayerCase> Of(string name, string activation, string gateActivation) => RecurrentCases.Common(
        WithBias, (sequences, backwards, zero, dropout, _) => new MinGRU(
            RecurrentCases.Units,
            options: new() { Activation = activation, RecurrentActivation = gateActivation, Dropout = dropout },
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero)).Select(c => c with { Name = $"{name}, {c.Name}" });
}
