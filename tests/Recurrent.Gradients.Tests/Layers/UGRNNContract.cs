using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class UGRNNContract : LayerContract<UGRNNContract>, ILayerCases
{
    private const int WithBias = 2 * 3 * (2 + 3 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new UGRNN(3, options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout }, returnSequences: sequences,
                goBackwards: backwards, zeroOutputForMask: zero)),
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new UGRNN(3,
                options: new() { Activation = "silu", RecurrentActivation = "gelu", Dropout = dropout,
                    RecurrentDropout = recurrentDropout }, returnSequences: sequences, goBackwards: backwards,
                    zeroOutputForMask: zero)).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new UGRNN(3, options: new() { UseBias = false }), WithBias - 6),
        .. RecurrentCases.Both("no unit forget bias", () => new UGRNN(3, options: new() { UnitForgetBias = false, Seed = 4 }),
            WithBias),
        .. RecurrentCases.Both("gelu and softmax",
            () => new UGRNN(3, options: new() { Activation = "gelu", RecurrentActivation = "softmax" }, returnSequences: true),
            WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new UGRNN(11, returnSequences: true), 2 * 11 * (2 + 11 + 1)),
    ];
}
