using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class JordanRNNContract : LayerContract<JordanRNNContract>, ILayerCases
{
    private const int Classic = (2 * 3) + (2 * 3) + 3 + (3 * 2) + 2;
    private const int OutputFirst = (2 * 3) + (3 * 3) + 3 + (3 * 2) + (2 * 2) + (2 * 3) + 2;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(Classic, (sequences, backwards, zero, dropout, recurrentDropout) => new JordanRNN(3, 2, returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)
        {
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
        }).Select(c => c with { Name = $"classic, {c.Name}" }),
        .. RecurrentCases.Common(OutputFirst, (sequences, backwards, zero, dropout, recurrentDropout) => new JordanRNN(3, 2, outputFirst: true, returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)
        {
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
        }).Select(c => c with { Name = $"output first, {c.Name}" }),
        .. RecurrentCases.Common(Classic, (sequences, backwards, zero, dropout, recurrentDropout) => new JordanRNN(3, 2, "silu", "gelu", returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)
        {
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
        }).Select(c => c with { Name = $"classic, silu and gelu, {c.Name}" }),
        .. RecurrentCases.Common(OutputFirst, (sequences, backwards, zero, dropout, recurrentDropout) => new JordanRNN(3, 2, "silu", "gelu", true, returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)
        {
            Dropout = dropout,
            RecurrentDropout = recurrentDropout,
        }).Select(c => c with { Name = $"output first, silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new JordanRNN(3, 2) { UseBias = false }, Classic - 5),
        .. RecurrentCases.Both("output first, no bias", () => new JordanRNN(3, 2, outputFirst: true) { UseBias = false }, OutputFirst - 5),
        .. RecurrentCases.Both("as many outputs as units", () => new JordanRNN(3, activation: "sigmoid", outputActivation: "softmax"), 6 + (2 * 9) + 6),
        .. RecurrentCases.Both(
            "output first, as many outputs as units",
            () => new JordanRNN(3, activation: "sigmoid", outputFirst: true, returnSequences: true),
            6 + (4 * 9) + 6),
        .. RecurrentCases.Both("more outputs than units", () => new JordanRNN(2, 11, "tanh", "tanh", returnSequences: true), 4 + 22 + 2 + 22 + 11),
        .. RecurrentCases.Both(
            "options of the output",
            () => new JordanRNN(3, 2, outputInitializer: "ones", outputRegularizer: "l1", outputConstraint: "unit_norm", seed: 4),
            Classic),
    ];
}
