using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class S6Contract : LayerContract<S6Contract>, ILayerCases
{
    private const int Default = ((3 + 1 + 32) * 3) + 3 + 3 + 48 + 3;
    private const int Small = ((3 + 2 + 4) * 3) + 6 + 3 + 6 + 3;
    private const int Plain = ((1 + 4) * 3) + 2 + 2 + 4 + 2;

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("small", Small, 3, 2, true, "linear"),
        .. Of("gelu", Small, 3, 2, true, "gelu"),
        .. Of("channels are features", Plain, RecurrentCases.Features, 1, false, "silu"),
        .. RecurrentCases.Both("by default", () => new S6(3, returnSequences: true), Default),
        .. RecurrentCases.Both("no bias", () => new S6(3, 2, 2, options: new() { UseBias = false }), Small - 9),
        .. RecurrentCases.Both(
            "channels are features, no bias",
            () => new S6(2, 2, projectInput: false, options: new() { UseBias = false }),
            Plain - 5),
        .. RecurrentCases.Both(
            "softmax", () => new S6(3, 2, 2, options: new() { Activation = "softmax" }, returnSequences: true), Small),
        .. RecurrentCases.Both(
            "units beyond a vector", () => new S6(19, 3, returnSequences: true), ((19 + 2 + 6) * 3) + 38 + 19 + 57 + 19),
        .. RecurrentCases.Both("cell", () => new RNN(new S6Cell(3, 2, 2, options: new() { Seed = 3 })), Small),
        .. RecurrentCases.Both("zoneout of the cell", () => new RNN(new ZoneoutCell(new S6Cell(3, 2, 2))), Small),
        .. RecurrentCases.Both(
            "stacked cells", () => new RNN(new StackedRNNCells([new S6Cell(3, 2, 2), new S6Cell(3, 2, projectInput: false)])),
            Small + (5 * 4) + 3 + 3 + 6 + 3),
        .. Long("many steps", () => new S6(3, 2, 2, returnSequences: true)),
        .. Long("many steps backwards", () => new S6(3, 2, 2, goBackwards: true)),
    ];

    [Test]
    public void Gradients_of_a_loss_on_final_states_are_the_measured_slopes([Values] bool project, [Values] bool masked)
    {
        LayerCase layerCase = RecurrentCases.Case("final states", () => new S6(2, 2, 1, project), 0);
        FinalStateSlopes.Check(layerCase with { Mask = masked ? RecurrentCases.HoledMask : null }, AssertSlopes);
    }

    private static IEnumerable<LayerCase> Of(string name, int weights, int units, int rank, bool project, string activation) =>
        RecurrentCases.Common(
            weights, (sequences, backwards, zero, dropout, _) => new S6(
                units,
                2,
                rank,
                project,
                options: new() { Activation = activation, Dropout = dropout },
                returnSequences: sequences,
                goBackwards: backwards,
                zeroOutputForMask: zero)).Select(c => c with { Name = $"{name}, {c.Name}" });

    private static IEnumerable<LayerCase> Long(string name, Func<Layer> create)
    {
        const int Steps = 37;
        LayerCase plain = RecurrentCases.Case(name, create, Small) with { Sample = (Steps, RecurrentCases.Features), Batch = 2 };
        yield return plain;
        yield return plain with
        {
            Name = $"{name}, mask",
            Mask = [.. Enumerable.Range(0, Steps * plain.Batch).Select(i => i % 2 == 0 ? i % 7 != 0 : i is > 8 and < 60)],
        };
    }
}
