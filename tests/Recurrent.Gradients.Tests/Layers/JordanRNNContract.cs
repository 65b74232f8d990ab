using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class JordanRNNContract : LayerContract<JordanRNNContract>, ILayerCases
{
    private const int Classic = (2 * 3) + (2 * 3) + 3 + (3 * 2) + 2;
    private const int OutputFirst = (2 * 3) + (3 * 3) + 3 + (3 * 2) + (2 * 2) + (2 * 3) + 2;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(Classic, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new JordanRNN(3, 2, options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"classic, {c.Name}" }),
        .. RecurrentCases.Common(OutputFirst, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new JordanRNN(3, 2, outputFirst: true, options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"output first, {c.Name}" }),
        .. RecurrentCases.Common(Classic, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new JordanRNN(3, 2, "gelu",
                options: new() { Activation = "silu", Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"classic, silu and gelu, {c.Name}" }),
        .. RecurrentCases.Common(OutputFirst, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new JordanRNN(3, 2, "gelu", true,
                options: new() { Activation = "silu", Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"output first, silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new JordanRNN(3, 2, options: new() { UseBias = false }), Classic - 5),
        .. RecurrentCases.Both("output first, no bias",
            () => new JordanRNN(3, 2, outputFirst: true, options: new() { UseBias = false }), OutputFirst - 5),
        .. RecurrentCases.Both("as many outputs as units",
            () => new JordanRNN(3, outputActivation: "softmax", options: new() { Activation = "sigmoid" }), 6 + (2 * 9) + 6),
        .. RecurrentCases.Both(
            "output first, as many outputs as units",
            () => new JordanRNN(3, outputFirst: true, options: new() { Activation = "sigmoid" }, returnSequences: true),
            6 + (4 * 9) + 6),
        .. RecurrentCases.Both("more outputs than units", () =>
            new JordanRNN(2, 11, "tanh", options: new() { Activation = "tanh" }, returnSequences: true), 4 + 22 + 2 + 22 + 11),
        .. RecurrentCases.Both(
            "options of the output",
            () => new JordanRNN(3, 2, outputKernel: new() { Initializer = "ones", Regularizer = "l1", Constraint = "unit_norm" },
                options: new() { Seed = 4 }),
            Classic),
    ];
}
