using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class MinLSTMContract : LayerContract<MinLSTMContract>, ILayerCases
{
    private const int WithBias = 3 * 3 * (2 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("linear", "linear"),
        .. Of("as in log space", "soft_positive"),
        .. Of("gelu", "gelu"),
        .. RecurrentCases.Both("no bias", () => new MinLSTM(3, options: new() { UseBias = false }), WithBias - 9),
        .. RecurrentCases.Both("softmax", () => new MinLSTM(3, options: new() { Activation = "softmax" }, returnSequences: true),
            WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new MinLSTM(11, returnSequences: true), 3 * 11 * 3),
        .. RecurrentCases.Both("cell", () => new RNN(new MinLSTMCell(3, options: new() { Activation = "tanh", Seed = 3 })),
            WithBias),
        .. RecurrentCases.Both("zoneout of the cell", () => new RNN(new ZoneoutCell(new MinLSTMCell(3))), WithBias),
    ];

    private static IEnumerable<LayerCase> Of(string name, string activation) => RecurrentCases.Common(
        WithBias, (sequences, backwards, zero, dropout, _) => new MinLSTM(
            RecurrentCases.Units,
            options: new() { Activation = activation, Dropout = dropout },
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero)).Select(c => c with { Name = $"{name}, {c.Name}" });
}
