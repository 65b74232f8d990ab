using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>The cells that can be named in files.</summary>
public static class CellNames
{
    /// <summary>Every cell by class name.</summary>
    public static Registry<RecurrentCell> Registry { get; } = new("cell", [
        new("ConvLSTM1DCell", ConvLSTM1DCell.Read),
        new("GRUCell", GRUCell.Read),
        new("IndRNNCell", IndRNNCell.Read),
        new("LSTMCell", LSTMCell.Read),
        new("MinGRUCell", MinGRUCell.Read),
        new("MinLSTMCell", MinLSTMCell.Read),
        new("MinimalGRUCell", MinimalGRUCell.Read),
        new("SLSTMCell", SLSTMCell.Read),
        new("SimpleRNNCell", SimpleRNNCell.Read),
        new("StackedRNNCells", StackedRNNCells.Read),
        new("ZoneoutCell", ZoneoutCell.Read),
    ]);
}
