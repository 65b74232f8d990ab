using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class ProjectedLSTMContract : LayerContract<ProjectedLSTMContract>, ILayerCases
{
    private const int WithBias = (4 * 3 * (2 + 2 + 1)) + (3 * 2);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new ProjectedLSTM(3, 2, options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout },
                returnSequences: sequences, goBackwards: backwards, zeroOutputForMask: zero)),
        .. RecurrentCases.Common(WithBias, (sequences, backwards, zero, dropout, recurrentDropout) =>
            new ProjectedLSTM(3, 2,
                options: new() { Activation = "silu", RecurrentActivation = "gelu", Dropout = dropout,
                    RecurrentDropout = recurrentDropout }, returnSequences: sequences, goBackwards: backwards,
                    zeroOutputForMask: zero)).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
        .. RecurrentCases.Both("no bias", () => new ProjectedLSTM(3, 2, options: new() { UseBias = false }), WithBias - 12),
        .. RecurrentCases.Both("no unit forget bias", () => new ProjectedLSTM(3, 2, options: new() { UnitForgetBias = false }),
            WithBias),
        .. RecurrentCases.Both("as wide as the units", () => new ProjectedLSTM(3, 3, returnSequences: true),
            (4 * 3 * (2 + 3 + 1)) + 9),
        .. RecurrentCases.Both("one wide", () => new ProjectedLSTM(3, 1, returnSequences: true), (4 * 3 * (2 + 1 + 1)) + 3),
        .. RecurrentCases.Both("units beyond a vector", () => new ProjectedLSTM(11, 9, returnSequences: true),
            (4 * 11 * (2 + 9 + 1)) + 99),
        .. RecurrentCases.Both("gelu and softmax",
            () => new ProjectedLSTM(3, 2, options: new() { Activation = "gelu", RecurrentActivation = "softmax" },
                returnSequences: true), WithBias),
        .. RecurrentCases.Both(
            "options of the projection",
            () => new ProjectedLSTM(3, 2, projectionKernel: new() { Initializer = "ones", Regularizer = "l1",
                Constraint = "unit_norm" }, options: new() { Seed = 4 }),
            WithBias),
    ];
}
