using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class CoupledLSTMContract : LayerContract<CoupledLSTMContract>, ILayerCases
{
    private const int WithBias = 3 * 3 * (2 + 3 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new CoupledLSTM(3, returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)
        {
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
        }),
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) => new CoupledLSTM(3, "silu", "gelu", returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)
        {
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
        }).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new CoupledLSTM(3) { UseBias = false }, WithBias - 9),
        .. RecurrentCases.Both("no unit forget bias", () => new CoupledLSTM(3, unitForgetBias: false, seed: 4), WithBias),
        .. RecurrentCases.Both("gelu and softmax", () => new CoupledLSTM(3, "gelu", "softmax", returnSequences: true), WithBias),
        .. RecurrentCases.Both("units beyond a vector", () => new CoupledLSTM(11, returnSequences: true), 3 * 11 * (2 + 11 + 1)),
    ];
}
