using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>The cells that can be named in files.</summary>
public static class CellNames
{
    /// <summary>Every cell by class name.</summary>
    public static Registry<RecurrentCell> Registry { get; } = new("cell", [
        Gated("ConvLSTM1DCell", ConvLSTM1DCell.Read),
        Gated("CoupledLSTMCell", CoupledLSTMCell.Read),
        Gated("GRUCell", GRUCell.Read),
        Gated("IndRNNCell", IndRNNCell.Read),
        Gated("JordanRNNCell", JordanRNNCell.Read),
        Gated("LayerNormGRUCell", LayerNormGRUCell.Read),
        Gated("LayerNormLSTMCell", LayerNormLSTMCell.Read),
        Gated("LSTMCell", LSTMCell.Read),
        Gated("LRUCell", LRUCell.Read),
        Gated("MinGRUCell", MinGRUCell.Read),
        Gated("MinimalGRUCell", MinimalGRUCell.Read),
        Gated("MinLSTMCell", MinLSTMCell.Read),
        Gated("MLSTMCell", MLSTMCell.Read),
        Gated("PeepholeLSTMCell", PeepholeLSTMCell.Read),
        Gated("ProjectedLSTMCell", ProjectedLSTMCell.Read),
        Gated("S6Cell", S6Cell.Read),
        Gated("RGLRUCell", RGLRUCell.Read),
        Gated("SLSTMCell", SLSTMCell.Read),
        Gated("SimpleRNNCell", SimpleRNNCell.Read),
        new("StackedRNNCells", StackedRNNCells.Read),
        Gated("UGRNNCell", UGRNNCell.Read),
        new("ZoneoutCell", ZoneoutCell.Read),
    ]);

    /// <summary>A cell whose options its layer may hold in its own config.</summary>
    private static KeyValuePair<string, Func<ConfigReader, RecurrentCell>> Gated(
        string name, Func<ConfigReader, bool, GatedCell> read) =>
        new(name, config => read(config, false));
}
