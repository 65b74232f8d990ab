using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class PeepholeLSTMContract : LayerContract<PeepholeLSTMContract>, ILayerCases
{
    private const int Diagonal = (4 * 3 * (2 + 3 + 1)) + (3 * 3);
    private const int Full = (4 * 3 * (2 + 3 + 1)) + (3 * 3 * 3);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(Diagonal, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new PeepholeLSTM(3, fullPeepholes: false, outputSeesPreviousCell: false,
                peepholeKernel: new() { Initializer = "ones" },
                options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout }, returnSequences: sequences,
                goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"diagonal, output sees new cell, {c.Name}" }),
        .. RecurrentCases.Common(Diagonal, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new PeepholeLSTM(3, fullPeepholes: false, outputSeesPreviousCell: true,
                peepholeKernel: new() { Initializer = "ones" },
                options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout }, returnSequences: sequences,
                goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"diagonal, output sees previous cell, {c.Name}" }),
        .. RecurrentCases.Common(Full, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new PeepholeLSTM(3, fullPeepholes: true, outputSeesPreviousCell: false,
                peepholeKernel: new() { Initializer = "ones" },
                options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout }, returnSequences: sequences,
                goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"full, output sees new cell, {c.Name}" }),
        .. RecurrentCases.Common(Full, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new PeepholeLSTM(3, fullPeepholes: true, outputSeesPreviousCell: true, peepholeKernel: new() { Initializer = "ones" },
                options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout }, returnSequences: sequences,
                goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"full, output sees previous cell, {c.Name}" }),

        // With gates that have no bound the cell state squares itself at every step, beyond what slopes can be measured on.
        .. RecurrentCases.Common(Diagonal, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new PeepholeLSTM(3, options: new() { Activation = "silu", Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero))
                .Select(c => c with { Name = $"silu, {c.Name}" }),
        .. RecurrentCases.Common(Full, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new PeepholeLSTM(3, true, true,
                options: new() { Activation = "silu", RecurrentActivation = "gelu", Dropout = dropout,
                    RecurrentDropout = recurrentDropout }, returnSequences: sequences, goBackwards: backwards,
                    zeroOutputForMask: zero)).Select(c => c with { Name = $"full, previous cell, silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new PeepholeLSTM(3, options: new() { UseBias = false }), Diagonal - 12),
        .. RecurrentCases.Both("no unit forget bias", () => new PeepholeLSTM(3, options: new() { UnitForgetBias = false }),
            Diagonal),
        .. RecurrentCases.Both("gelu and softmax",
            () => new PeepholeLSTM(3, options: new() { Activation = "gelu", RecurrentActivation = "softmax" },
                returnSequences: true), Diagonal),
        .. RecurrentCases.Both("units beyond a vector", () => new PeepholeLSTM(11, returnSequences: true),
            (4 * 11 * (2 + 11 + 1)) + 33),
        .. RecurrentCases.Both("full, units beyond a vector", () => new PeepholeLSTM(11, fullPeepholes: true),
            (4 * 11 * (2 + 11 + 1)) + (33 * 11)),
        .. RecurrentCases.Both(
            "options of the peepholes",
            () => new PeepholeLSTM(3, peepholeKernel: new() { Initializer = "ones", Regularizer = "l2", Constraint = "non_neg" },
                options: new() { Seed = 4 }),
            Diagonal),
    ];
}
