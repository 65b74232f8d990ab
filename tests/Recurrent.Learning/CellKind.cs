using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Layers;

namespace Recurrent.Learning;

/// <summary>A recurrent layer by its name, at its defaults but for its size and what the name says.</summary>
/// <param name="Name">Name on the command line and in tables.</param>
/// <param name="Create">Makes the layer: units, and whether it returns sequences.</param>
public sealed record CellKind(string Name, Func<int, bool, Layer> Create)
{
    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<CellKind> All { get; } =
    [
        new("LSTM", (units, sequences) => new LSTM(units, returnSequences: sequences)),
        new("GRU", (units, sequences) => new GRU(units, returnSequences: sequences)),
        new("GRU-before", (units, sequences) => new GRU(units, resetAfter: false, returnSequences: sequences)),
        new("SimpleRNN", (units, sequences) => new SimpleRNN(units, returnSequences: sequences)),
        new("PeepholeLSTM", (units, sequences) => new PeepholeLSTM(units, returnSequences: sequences)),
        new("ProjectedLSTM", (units, sequences) => new ProjectedLSTM(units, units / 2, returnSequences: sequences)),
        new("CoupledLSTM", (units, sequences) => new CoupledLSTM(units, returnSequences: sequences)),
        new("LayerNormLSTM", (units, sequences) => new LayerNormLSTM(units, returnSequences: sequences)),
        new("LayerNormGRU", (units, sequences) => new LayerNormGRU(units, returnSequences: sequences)),
        new("JordanRNN", (units, sequences) => new JordanRNN(units, returnSequences: sequences)),
        new("UGRNN", (units, sequences) => new UGRNN(units, returnSequences: sequences)),
        new("MinimalGRU", (units, sequences) => new MinimalGRU(units, returnSequences: sequences)),
        new("IndRNN", (units, sequences) => new IndRNN(units, returnSequences: sequences)),
        new("IndRNN-bounded", (units, sequences) => Bounded(units, sequences)),
        new("MinGRU", (units, sequences) => new MinGRU(units, returnSequences: sequences)),
        new("MinLSTM", (units, sequences) => new MinLSTM(units, returnSequences: sequences)),
        new("LRU", (units, sequences) => new LRU(units, returnSequences: sequences)),
        new("RGLRU", (units, sequences) => new RGLRU(units, returnSequences: sequences)),
        new("SLSTM", (units, sequences) => new SLSTM(units, returnSequences: sequences)),
        new("MLSTM", (units, sequences) => new MLSTM(units, 4, returnSequences: sequences)),
        new("S6", (units, sequences) => new S6(units, returnSequences: sequences)),
        new("LSTM-zoneout",
            (units, sequences) => new RNN(new ZoneoutCell(new LSTMCell(units), 0.05, 0.05), returnSequences: sequences)),
    ];

    /// <summary>An IndRNN as its paper has it where the last output must remember 200 steps: u near 1 and bounded.</summary>
    private static IndRNN Bounded(int units, bool sequences)
    {
        const int Longest = 200;
        double bound = IndRNN.RecurrentBound(Longest);
        return new(
            units,
            new()
            {
                RecurrentInitializer = new RandomUniform(Math.Pow(0.5, 1.0 / Longest), bound),
                RecurrentConstraint = new MaxAbs(bound),
            },
            returnSequences: sequences);
    }
}
