using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Learning;

/// <summary>A recurrent layer by its name, at its defaults but for its size.</summary>
/// <param name="Name">Name on the command line and in tables.</param>
/// <param name="Create">Makes the layer: units, whether it returns sequences, shape of a sample.</param>
public sealed record CellKind(string Name, Func<int, bool, Shape, Layer> Create)
{
    /// <summary>Every kind there is.</summary>
    public static IReadOnlyList<CellKind> All { get; } =
    [
        new("LSTM", (units, sequences, shape) => new LSTM(units, returnSequences: sequences, inputShape: shape)),
        new("GRU", (units, sequences, shape) => new GRU(units, returnSequences: sequences, inputShape: shape)),
        new("GRU-before", (units, sequences, shape) => new GRU(units, resetAfter: false, returnSequences: sequences, inputShape: shape)),
        new("SimpleRNN", (units, sequences, shape) => new SimpleRNN(units, returnSequences: sequences, inputShape: shape)),
        new("LSTM-zoneout", (units, sequences, shape) => new RNN(new ZoneoutCell(new LSTMCell(units), 0.05, 0.05), returnSequences: sequences, inputShape: shape)),
    ];
}
