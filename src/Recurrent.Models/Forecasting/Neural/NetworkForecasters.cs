using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>The methods that are networks, by name.</summary>
internal static class NetworkForecasters
{
    /// <summary>What <see cref="Forecasters.Registry"/> has of them.</summary>
    public static IEnumerable<KeyValuePair<string, Func<ConfigReader, Forecaster>>> Entries =>
    [
        Forecasters.Entry("RecurrentForecaster|recurrent", RecurrentForecaster.Read),
        Forecasters.Entry("lstm", config => RecurrentForecaster.Read(config, "LSTM")),
        Forecasters.Entry("gru", config => RecurrentForecaster.Read(config, "GRU")),
        Forecasters.Entry("TcnForecaster|tcn", TcnForecaster.Read),
        Forecasters.Entry("PatchTransformer|patchtst", PatchTransformer.Read),
        Forecasters.Entry("SegRNN", SegRNN.Read),
        Forecasters.Entry("NLinear", NLinear.Read),
        Forecasters.Entry("DLinear", DLinear.Read),
        Forecasters.Entry("ResidualMlp|mlp", ResidualMlp.Read),
        Forecasters.Entry("NBeats|n-beats", NBeats.Read),
        Forecasters.Entry("DeepAR", DeepAR.Read),
        Forecasters.Entry("EsRnn|es-rnn", EsRnn.Read),
    ];
}
