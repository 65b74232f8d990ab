using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>Every merge mode × sequences × masks, with initial states of both layers, and pairs whose layers differ.</summary>
[TestFixture]
public sealed class BidirectionalContract : LayerContract<BidirectionalContract>, ILayerCases
{
    private const int Lstm = 4 * 3 * (2 + 3 + 1);
    private const int Gru = 3 * 3 * (2 + 3 + 2);
    private const int Simple = 3 * (2 + 3 + 1);

    private static readonly string?[] Modes = ["concat", "sum", "mul", "ave", null];

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Modes.SelectMany(mode =>
            Of($"{mode ?? "none"}", Lstm * 2, sequences => new Bidirectional(new LSTM(3, returnSequences: sequences), mode))),
        .. Of("GRU", Gru * 2, sequences => new Bidirectional(new GRU(3, returnSequences: sequences), "mul")),
        .. Of("zeroOutputForMask makes no difference", Gru * 2, sequences => new Bidirectional(
            new GRU(3, returnSequences: sequences, zeroOutputForMask: true), "sum")),
        .. Of("a backward layer of another kind", Lstm + (2 * (2 + 2 + 1)), sequences => new Bidirectional(
            new LSTM(3, returnSequences: sequences),
            backwardLayer: new SimpleRNN(2, returnSequences: sequences, goBackwards: true, name: "from_the_end"))),
        .. Of("the forward layer reads backwards", Gru * 2,
            sequences => new Bidirectional(new GRU(3, returnSequences: sequences, goBackwards: true))),
        .. Of("RNN", Simple * 2, sequences => new Bidirectional(
            new RNN(new ZoneoutCell(new SimpleRNNCell(3), 0.3), returnSequences: sequences), "ave")),
        .. Of("PeepholeLSTM", (Lstm + 9) * 2, sequences => new Bidirectional(new PeepholeLSTM(3, returnSequences: sequences))),
        .. Of("ProjectedLSTM", ((4 * 3 * (2 + 2 + 1)) + 6) * 2,
            sequences => new Bidirectional(new ProjectedLSTM(3, 2, returnSequences: sequences), "sum")),
        .. Of("CoupledLSTM", 3 * 3 * (2 + 3 + 1) * 2,
            sequences => new Bidirectional(new CoupledLSTM(3, returnSequences: sequences), "mul")),
        .. Of("LayerNormLSTM", (Lstm + 30) * 2,
            sequences => new Bidirectional(new LayerNormLSTM(3, returnSequences: sequences), "ave")),
        .. Of("LayerNormGRU", ((3 * 3 * (2 + 3 + 1)) + 21) * 2,
            sequences => new Bidirectional(new LayerNormGRU(3, returnSequences: sequences))),
        .. Of("JordanRNN", 23 * 2, sequences => new Bidirectional(new JordanRNN(3, 2, returnSequences: sequences), "sum")),
        .. Of("UGRNN", 2 * 3 * (2 + 3 + 1) * 2, sequences => new Bidirectional(new UGRNN(3, returnSequences: sequences), "mul")),
        .. Of("MinimalGRU", 2 * 3 * (2 + 3 + 1) * 2,
            sequences => new Bidirectional(new MinimalGRU(3, returnSequences: sequences), "ave")),
        .. Of("IndRNN", 3 * (2 + 1 + 1) * 2,
            sequences => new Bidirectional(new IndRNN(3, options: new() { Activation = "tanh" }, returnSequences: sequences))),
        .. Of("MinGRU", 2 * 3 * (2 + 1) * 2, sequences => new Bidirectional(new MinGRU(3, returnSequences: sequences), "sum")),
        .. Of("MinLSTM", 3 * 3 * (2 + 1) * 2, sequences => new Bidirectional(new MinLSTM(3, returnSequences: sequences), "mul")),
        .. Of("LRU", 45 * 2, sequences => new Bidirectional(new LRU(3, returnSequences: sequences))),
        .. Of("RGLRU", 36 * 2, sequences => new Bidirectional(new RGLRU(3, returnSequences: sequences), "sum")),
        .. Of("SLSTM", Lstm * 2, sequences => new Bidirectional(new SLSTM(3, returnSequences: sequences), "ave"))
        .Select(c => c with { Leaves = _ => [] }),
        .. Modes.SelectMany(mode => Of(
            $"ConvLSTM1D, {mode ?? "none"}", 8 * ((3 * (2 + 2)) + 1) * 2, sequences =>
                new Bidirectional(new ConvLSTM1D(2, 3, returnSequences: sequences), mode))).Select(RecurrentCases.OfRows),
        .. Modes.SelectMany(mode => Of(
            $"ConvLSTM1D, channels first, {mode ?? "none"}", 8 * ((3 * (5 + 2)) + 1) * 2, sequences => new Bidirectional(
                new ConvLSTM1D(2, 3, padding: "same", returnSequences: sequences, dataFormat: "channels_first"), mode)))
            .Select(RecurrentCases.OfRows).Select(c => c with { Sample = (RecurrentCases.Steps, 5, 2) }),
        Case("dropout", Lstm * 2, () => new Bidirectional(
            new LSTM(3, dropout: 0.4, recurrentDropout: 0.4, returnSequences: true), "mul")) with { Training = true },
        Case("one sample", Gru * 2, () => new Bidirectional(new GRU(3, returnSequences: true))) with { Batch = 1 },
    ];

    private static IEnumerable<LayerCase> Of(string name, int weights, Func<bool, Layer> create)
    {
        foreach (bool sequences in (bool[])[false, true])
        {
            LayerCase plain = Case($"{name}, {(sequences ? "sequences" : "last")}", weights, () => create(sequences));
            yield return plain;
            yield return plain with { Name = $"{plain.Name}, mask", Mask = RecurrentCases.HoledMask };
            yield return plain with { Name = $"{plain.Name}, a sequence masked whole", Mask = RecurrentCases.WhollyMasked };
        }
    }

    private static LayerCase Case(string name, int weights, Func<Layer> create) =>
        new(name, create, RecurrentCases.Sample, weights)
        {
            Batch = RecurrentCases.Batch,
            Leaves = pass => [.. Of((BidirectionalPass)pass)],
        };

    private static IEnumerable<Leaf> Of(BidirectionalPass pass)
    {
        ulong index = 100;
        foreach ((string name, RecurrentPass own) in ((string, RecurrentPass)[])[("forward", pass.Forward),
            ("backward", pass.Backward)])
        {
            for (int i = 0; i < own.InitialStates.Count; i++)
            {
                int state = i;
                LayerRun.FillRandomly(own.InitialStates[i].Values, index++);
                yield return new Leaf(
                    $"initial state {i} of the {name} layer",
                    own.InitialStates[i].Values,
                    () => own.InitialStateGradients.Count > 0 ? own.InitialStateGradients[state].Values : []);
            }
        }
    }
}
