using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class DilatedContract : LayerContract<DilatedContract>, ILayerCases
{
    private const int Lstm = 4 * 3 * (2 + 3 + 1);
    private const int Gru = 3 * 3 * (2 + 3 + 2);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. from rate in (int[])[1, 2, 3, 4, 5]
           from sequences in (bool[])[false, true]
           from zero in (bool[])[false, true]
           from mask in (bool[]?[])[null, RecurrentCases.HoledMask, RecurrentCases.WhollyMasked]
           select new LayerCase(
               $"rate {rate}{(sequences ? ", sequences" : ", last")}{Named(mask)}{(zero ? ", zero output" : string.Empty)}",
               () => new Dilated(new LSTM(3, returnSequences: sequences, zeroOutputForMask: zero), rate),
               RecurrentCases.Sample,
               Lstm)
           {
               Mask = mask,
               Leaves = InitialStates,
           },
        .. from rate in (int[])[2, 3]
           from sequences in (bool[])[false, true]
           from mask in (bool[]?[])[null, RecurrentCases.HoledMask, RecurrentCases.WhollyMasked]
           select new LayerCase(
               $"dropout, rate {rate}{(sequences ? ", sequences" : ", last")}{Named(mask)}",
               () => new Dilated(new GRU(3, dropout: 0.4, recurrentDropout: 0.4, returnSequences: sequences), rate),
               RecurrentCases.Sample,
               Gru)
           {
               Training = true,
               Mask = mask,
               Leaves = InitialStates,
           },
        .. from rate in (int[])[2, 3, 5]
           from mode in (string[])["concat", "mul"]
           from mask in (bool[]?[])[null, RecurrentCases.HoledMask, RecurrentCases.WhollyMasked]
           select new LayerCase(
               $"both ways, {mode}, rate {rate}{Named(mask)}",
               () => new Dilated(new Bidirectional(new GRU(3, returnSequences: true), mode), rate),
               RecurrentCases.Sample,
               2 * Gru)
           {
               Mask = mask,
               Leaves = pass => Leaves((BidirectionalPass)((DilatedPass)pass).Inner),
           },
        new("RNN of a cell", () => new Dilated(new RNN(new ZoneoutCell(new GRUCell(3)), returnSequences: true), 3), (7, 2), Gru),
        new("frozen", () => new Dilated(new GRU(3, trainable: false), 3), (7, 2), Gru),
    ];

    private static Leaf[] Leaves(BidirectionalPass both) =>
        [.. RecurrentCases.InitialStates(both.Forward), .. RecurrentCases.InitialStates(both.Backward)
            .Select(leaf => leaf with { Name = $"backward {leaf.Name}" })];

    private static string Named(bool[]? mask) =>
        mask is null ? string.Empty : mask == RecurrentCases.HoledMask ? ", mask" : ", a sequence masked whole";

    /// <summary>Initial states of all phases, so that the recurrent kernel matters even where no phase has a second
    /// step.</summary>
    private static Leaf[] InitialStates(Pass pass) => RecurrentCases.InitialStates(((DilatedPass)pass).Inner);
}
