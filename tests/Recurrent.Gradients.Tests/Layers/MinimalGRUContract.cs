using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class MinimalGRUContract : LayerContract<MinimalGRUContract>, ILayerCases
{
    private const int Candidate = 3 * (2 + 3 + 1);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("mgu", Candidate + Candidate),
        .. Of("mgu1", Candidate + (3 * (3 + 1))),
        .. Of("mgu2", Candidate + (3 * 3)),
        .. Of("mgu3", Candidate + 3),
        .. new[] { "mgu", "mgu1", "mgu2" }.SelectMany(variant => RecurrentCases.Both(
            $"{variant}, no bias", () => new MinimalGRU(3, variant: variant, options: new() { UseBias = false },
                returnSequences: true), Weights(variant, 3) - BiasOf(variant, 3))),
        .. new[] { "mgu", "mgu1", "mgu2", "mgu3" }.SelectMany(variant => RecurrentCases.Both(
            $"{variant}, units beyond a vector", () => new MinimalGRU(11, variant: variant, returnSequences: true),
                Weights(variant, 11))),
        .. new[] { "mgu", "mgu3" }.SelectMany(variant => RecurrentCases.Both(
            $"{variant}, gelu and softmax", () =>
                new MinimalGRU(3, variant, options: new() { Activation = "gelu", RecurrentActivation = "softmax" },
                    returnSequences: true), Weights(variant, 3))),
        .. RecurrentCases.Both("silu for both",
            () => new MinimalGRU(3, options: new() { Activation = "silu", RecurrentActivation = "silu" }, returnSequences: true),
            Weights("mgu", 3)),
        .. RecurrentCases.Both("cell", () => new RNN(new MinimalGRUCell(3, variant: "mgu1", options: new() { Seed = 3 })),
            Weights("mgu1", 3)),
        .. RecurrentCases.Both("zoneout of the cell", () => new RNN(new ZoneoutCell(new MinimalGRUCell(3))), Weights("mgu", 3)),
    ];

    private static int BiasOf(string variant, int units) => variant == "mgu2" ? units : 2 * units;

    private static int Weights(string variant, int units) => BiasOf(variant, units)
        + ((variant == "mgu" ? 2 : 1) * 2 * units)
        + ((variant == "mgu3" ? 1 : 2) * units * units);

    private static IEnumerable<LayerCase> Of(string variant, int weights) => RecurrentCases.Common(
        weights, (sequences, backwards, zero, dropout, recurrentDropout) => new MinimalGRU(
            RecurrentCases.Units,
            variant: variant,
            options: new() { Dropout = dropout, RecurrentDropout = recurrentDropout },
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero)).Select(c => c with { Name = $"{variant}, {c.Name}" });
}
