using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class ResidualContract : LayerContract<ResidualContract>, ILayerCases
{
    private const int Lstm = 4 * 3 * (3 + 3 + 1);

    private static readonly Shape Sample = (4, 3);

    public static IEnumerable<LayerCase> Cases =>
    [
        .. Of("LSTM", () => new Residual(new LSTM(3, returnSequences: true))),
        .. Of("LSTM, zero output", () => new Residual(new LSTM(3, returnSequences: true, zeroOutputForMask: true))),
        .. Of("LSTM with dropout", () => new Residual(new LSTM(3, returnSequences: true, dropout: 0.4, recurrentDropout: 0.4)))
        .Select(c => c with { Training = true }),
        .. Of("stateful LSTM", () => new Residual(new LSTM(3, returnSequences: true, stateful: true))),
        new("dilated GRU", () => new Residual(new Dilated(new GRU(3, returnSequences: true), 3)), Sample, 3 * 3 * (3 + 3 + 2)),
        new("Dense", () => new Residual(new Dense(3, "tanh")), Sample, 12),
        new("Dense of vectors", () => new Residual(new Dense(3, "tanh")), 3, 12),
        new("itself", () => new Residual(new Residual(new Dense(3, "tanh"))), Sample, 12),
        new("inside TimeDistributed", () => new TimeDistributed(new Residual(new Dense(3, "tanh"))), Sample, 12),
        new("TimeDistributed inside", () => new Residual(new TimeDistributed(new Dense(3, "tanh"))), Sample, 12),
        new("a layer that gives its input back", () => new Residual(new Dropout(0.5)), Sample, 0),
        new("Dropout in training", () => new Residual(new Dropout(0.5)), Sample, 0) { Training = true },
        new("Masking", () => new Residual(new Masking()), Sample, 0),
        new("convolutional", () => new Residual(new ConvLSTM1D(2, 3, padding: "same", returnSequences: true)),
            (3, 4, 2), 8 * (13)),
    ];

    /// <summary>With and without masks, each with random initial states.</summary>
    private static IEnumerable<LayerCase> Of(string name, Func<Layer> create)
    {
        LayerCase plain = new(name, create, Sample, Lstm) { Leaves = InitialStates };
        return [plain, plain with { Name = $"{name}, mask", Mask = RecurrentCases.HoledMask },
            plain with { Name = $"{name}, a sequence masked whole", Mask = RecurrentCases.WhollyMasked }];
    }

    private static Leaf[] InitialStates(Pass pass) => RecurrentCases.InitialStates(((ResidualPass)pass).Inner);
}
