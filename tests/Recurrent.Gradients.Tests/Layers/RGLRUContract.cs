using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class RGLRUContract : LayerContract<RGLRUContract>, ILayerCases
{
    private const int Gates = (3 * 6) + 6 + 3;
    private const int Projected = Gates + (2 * 3) + 3;
    private const int AsInThePaper = (2 * 4) + 4 + 2;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("projected", RecurrentCases.Units, Projected),
        .. Of("as in the paper", RecurrentCases.Features, AsInThePaper),
        .. RecurrentCases.Both(
            "projected though it fits", () => new RGLRU(2, projectInput: true, returnSequences: true), AsInThePaper + 4 + 2),
        .. RecurrentCases.Both(
            "no bias", () => new RGLRU(3, options: new() { UseBias = false }, returnSequences: true), Projected - 6 - 3),
        .. RecurrentCases.Both("blocks", () => new RGLRU(4, blocks: 2, returnSequences: true), (2 * 8) + 8 + 4 + (2 * 4) + 4),
        .. RecurrentCases.Both("blocks of one", () => new RGLRU(2, blocks: 2, returnSequences: true), (1 * 4) + 4 + 2),
        .. RecurrentCases.Both(
            "short memory", () => new RGLRU(3, exponent: 2, minDecay: 0.1, maxDecay: 0.5, returnSequences: true), Projected),
        .. RecurrentCases.Both(
            "units beyond a vector", () => new RGLRU(12, blocks: 3, returnSequences: true), (4 * 24) + 24 + 12 + (2 * 12) + 12),
        .. RecurrentCases.Both(
            "units beyond a vector, no blocks", () => new RGLRU(11, returnSequences: true), (11 * 22) + 22 + 11 + (2 * 11) + 11),
        .. RecurrentCases.Both("cell", () => new RNN(new RGLRUCell(3, options: new() { Seed = 3 })), Projected),
        .. RecurrentCases.Both(
            "zoneout of the cell", () => new RNN(new ZoneoutCell(new RGLRUCell(3)), returnSequences: true), Projected),
        .. RecurrentCases.Both(
            "a stack",
            () => new RNN(new StackedRNNCells([new RGLRUCell(3), new MinGRUCell(3), new RGLRUCell(3)])),
            Projected + 24 + Gates),
    ];

    private static IEnumerable<LayerCase> Of(string name, int units, int weights) => RecurrentCases.Common(
        weights, (sequences, backwards, zero, dropout, _) => new RGLRU(
            units,
            options: new() { Dropout = dropout },
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero)).Select(c => c with { Name = $"{name}, {c.Name}" });
}
