using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class CoupledLSTMContract : LayerContract<CoupledLSTMContract>, ILayerCases
{
    private const int WithBias = 3 * 3 * (2 + 3 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new CoupledLSTM(3, options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)),
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new CoupledLSTM(3,
                options: new() { Activation = "silu", RecurrentActivation = "gelu", Dropout = dropout,
                    RecurrentDropout = recurrentDropout }, returnSequences: sequences, goBackwards: backwards,
                    zeroOutputForMask: zero)).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new CoupledLSTM(3, options: new() { UseBias = false }), WithBias - 9),
        .. RecurrentCases.Both("no unit forget bias",
            () => new CoupledLSTM(3, options: new() { UnitForgetBias = false, Seed = 4 }), WithBias),
        .. RecurrentCases.Both("gelu and softmax",
            () => new CoupledLSTM(3, options: new() { Activation = "gelu", RecurrentActivation = "softmax" },
                returnSequences: true), WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new CoupledLSTM(11, returnSequences: true), 3 * 11 * (2 + 11 + 1)),
    ];
}
