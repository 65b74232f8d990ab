using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Examples.Forecasting;

/// <summary>The networks: one recurrent layer over the window, the same for every seed but for where its weights begin.</summary>
internal sealed class Networks(ForecastingTask task, ForecastingOptions options, TextWriter output)
{
    private const int Patience = 40;

    /// <summary>Name of the network, as tables show it.</summary>
    internal string Name => options.Model switch { "lstm" => "LSTM", "gru" => "GRU", _ => "SimpleRNN" };

    /// <summary>Trains a network on the training part, of which the newest windows say when to stop.</summary>
    internal Forecaster Train(int seed)
    {
        output.WriteLine($"Training with seed {seed}");
        Forecaster network = Create(seed);
        network.Fit(task.Training);
        return network;
    }

    /// <summary>
    /// The forecast of the steps after the training part: the lower bound of 80 %, the median, the upper bound.
    /// </summary>
    internal double[][] Forecast(Forecaster network) => network.PredictQuantiles(task.Horizon, [0.1, 0.5, 0.9]);

    private Forecaster Create(int seed)
    {
        var network = new RecurrentForecaster(
            Name,
            lookback: task.Lookback,
            horizon: task.Horizon,
            units: options.Units,
            season: task.Season,
            training: new NetworkTraining { Epochs = options.Epochs, Patience = Patience, Members = 1, Seed = seed });

        // Unasked, the network takes logarithms itself where they make the season even.
        return options.Transform switch
        {
            "log" => new Prepared(network, new LogScaling()),
            "sqrt" => new Prepared(network, new BoxCoxScaling(0.5)),
            _ => network,
        };
    }
}
