using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class LRUContract : LayerContract<LRUContract>, ILayerCases
{
    private const int Full = (2 * 6) + (6 * 3) + (3 * 3) + (2 * 3);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. RecurrentCases.Common(Full, (sequences, backwards, zero, dropout, _) => new LRU(
            RecurrentCases.Units,
            dropout: dropout,
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero)),
        .. RecurrentCases.Both("no gamma", () => new LRU(3, normalize: false, returnSequences: true), Full - 3),
        .. RecurrentCases.Both("no feedthrough", () => new LRU(3, feedthrough: "none", returnSequences: true), Full - 6),
        .. RecurrentCases.Both(
            "diagonal feedthrough", () => new LRU(3, outputSize: 2, feedthrough: "diagonal"), (2 * 6) + (6 * 2) + (3 * 3) + 2),
        .. RecurrentCases.Both(
            "diagonal feedthrough and dropout",
            () => new LRU(3, outputSize: 2, feedthrough: "diagonal", dropout: 0.4, returnSequences: true),
            (2 * 6) + (6 * 2) + (3 * 3) + 2).Select(c => c with { Training = true }),
        .. RecurrentCases.Both("a ring", () => new LRU(3, rMin: 0.9, rMax: 0.99, maxPhase: 0.3, returnSequences: true), Full),
        .. RecurrentCases.Both(
            "units beyond a vector", () => new LRU(11, outputSize: 5, returnSequences: true), (2 * 22) + (22 * 5) + 33 + 10),
        .. RecurrentCases.Both("cell", () => new RNN(new LRUCell(3, seed: 3), returnSequences: true), Full),
        .. RecurrentCases.Both(
            "zoneout of the cell", () => new RNN(new ZoneoutCell(new LRUCell(3), 0.3, 0.2), returnSequences: true), Full),
        .. RecurrentCases.Both(
            "zoneout in training", () => new RNN(new ZoneoutCell(new LRUCell(3), 0.3, 0.2)), Full)
            .Select(c => c with { Training = true }),
        .. RecurrentCases.Both(
            "a stack",
            () => new RNN(new StackedRNNCells([new LRUCell(2, outputSize: 3), new RGLRUCell(3), new LRUCell(3)])),
            8 + 12 + 6 + 6 + 27 + 18 + 18 + 9 + 9),
    ];
}
