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
        new("LSTM", () => new Residual(new LSTM(3, returnSequences: true)), Sample, Lstm),
        new("LSTM with a mask", () => new Residual(new LSTM(3, returnSequences: true)), Sample, Lstm) { Mask = RecurrentCases.HoledMask },
        new("LSTM with a mask, zero output", () => new Residual(new LSTM(3, returnSequences: true, zeroOutputForMask: true)), Sample, Lstm)
        {
            Mask = RecurrentCases.HoledMask,
        },
        new("LSTM with dropout", () => new Residual(new LSTM(3, returnSequences: true, dropout: 0.4, recurrentDropout: 0.4)), Sample, Lstm) { Training = true },
        new("stateful LSTM", () => new Residual(new LSTM(3, returnSequences: true, stateful: true)), Sample, Lstm),
        new("dilated GRU", () => new Residual(new Dilated(new GRU(3, returnSequences: true), 3)), Sample, 3 * 3 * (3 + 3 + 2)),
        new("Dense", () => new Residual(new Dense(3, "tanh")), Sample, 12),
        new("Dense of vectors", () => new Residual(new Dense(3, "tanh")), 3, 12),
        new("itself", () => new Residual(new Residual(new Dense(3, "tanh"))), Sample, 12),
        new("inside TimeDistributed", () => new TimeDistributed(new Residual(new Dense(3, "tanh"))), Sample, 12),
        new("TimeDistributed inside", () => new Residual(new TimeDistributed(new Dense(3, "tanh"))), Sample, 12),
        new("a layer that gives its input back", () => new Residual(new Dropout(0.5)), Sample, 0),
        new("Dropout in training", () => new Residual(new Dropout(0.5)), Sample, 0) { Training = true },
        new("Masking", () => new Residual(new Masking()), Sample, 0),
        new("convolutional", () => new Residual(new ConvLSTM1D(2, 3, padding: "same", returnSequences: true)), (3, 4, 2), 8 * (13)),
    ];
}
