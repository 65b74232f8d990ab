using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Examples.AddingProblem;

/// <summary>A recurrent layer that is put to the test.</summary>
/// <param name="Name">Its name in the table and on the command line.</param>
/// <param name="Create">Makes one, from the number of units and the shape of a sequence.</param>
internal sealed record Contender(string Name, Func<int, Shape, Layer> Create)
{
    internal static readonly Contender[] All =
    [
        new("SimpleRNN", (units, shape) => new SimpleRNN(units, inputShape: shape)),
        new("LSTM", (units, shape) => new LSTM(units, inputShape: shape)),
        new("GRU", (units, shape) => new GRU(units, inputShape: shape)),
        new("MinimalGRU", (units, shape) => new MinimalGRU(units, inputShape: shape)),
        new("MinGRU", (units, shape) => new MinGRU(units, inputShape: shape)),
        new("MinLSTM", (units, shape) => new MinLSTM(units, inputShape: shape)),
        new("SLSTM", (units, shape) => new SLSTM(units, inputShape: shape)),
        new("UGRNN", (units, shape) => new UGRNN(units, inputShape: shape)),
        new("CoupledLSTM", (units, shape) => new CoupledLSTM(units, inputShape: shape)),
    ];
}
