using Recurrent.Constraints;
using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class IndRNNContract : LayerContract<IndRNNContract>, ILayerCases
{
    private const int WithBias = 3 * (2 + 1 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("leaky relu", "leaky_relu"),
        .. Of("tanh", "tanh"),
        .. Of("gelu", "gelu"),
        .. RecurrentCases.Both("softmax", () => new IndRNN(3, options: new() { Activation = "softmax" }, returnSequences: true),
            WithBias),
        .. RecurrentCases.Both("no bias", () => new IndRNN(3, options: new() { Activation = "tanh", UseBias = false }),
            WithBias - 3),
        .. RecurrentCases.Both("relu", () => new IndRNN(11, returnSequences: true), 11 * 4),
        .. RecurrentCases.Both("units beyond a vector",
            () => new IndRNN(11, options: new() { Activation = "tanh" }, returnSequences: true), 11 * 4),
        .. RecurrentCases.Both(
            "bounded", () =>
                new IndRNN(3, options: new() { Activation = "tanh", RecurrentConstraint = new MaxAbs(0.9),
                    RecurrentInitializer = "ones" }), WithBias),
        .. RecurrentCases.Both("cell",
            () => new RNN(new IndRNNCell(3, options: new() { Activation = "tanh", Seed = 3, Dropout = 0.1 }),
                returnSequences: true), WithBias),
    ];

    private static IEnumerable<LayerCase> Of(string name, string activation) => RecurrentCases.Common(
        WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new IndRNN(
            RecurrentCases.Units,
            options: new() { Activation = activation, Dropout = dropout, RecurrentDropout = recurrentDropout },
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero)).Select(c => c with { Name = $"{name}, {c.Name}" });
}
