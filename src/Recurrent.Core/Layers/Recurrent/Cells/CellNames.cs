using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>The cells that can be named in files.</summary>
public static class CellNames
{
    /// <summary>Every cell by class name.</summary>
    public static Registry<RecurrentCell> Registry { get; } = new("cell", [
        new("ConvLSTM1DCell", ConvLSTM1DCell.Read),
        new("CoupledLSTMCell", CoupledLSTMCell.Read),
        new("GRUCell", GRUCell.Read),
        new("IndRNNCell", IndRNNCell.Read),
        new("JordanRNNCell", JordanRNNCell.Read),
        new("LayerNormGRUCell", LayerNormGRUCell.Read),
        new("LayerNormLSTMCell", LayerNormLSTMCell.Read),
        new("LSTMCell", LSTMCell.Read),
        new("MinGRUCell", MinGRUCell.Read),
        new("MinimalGRUCell", MinimalGRUCell.Read),
        new("MinLSTMCell", MinLSTMCell.Read),
        new("PeepholeLSTMCell", PeepholeLSTMCell.Read),
        new("ProjectedLSTMCell", ProjectedLSTMCell.Read),
        new("SLSTMCell", SLSTMCell.Read),
        new("SimpleRNNCell", SimpleRNNCell.Read),
        new("StackedRNNCells", StackedRNNCells.Read),
        new("UGRNNCell", UGRNNCell.Read),
        new("ZoneoutCell", ZoneoutCell.Read),
    ]);
}
