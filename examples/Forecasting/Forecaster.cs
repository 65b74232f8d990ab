using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Examples.Forecasting;

/// <summary>
/// The network: one recurrent layer over the window, and a dense layer that gives every step of the horizon three times, as the
/// quantiles .1, .5 and .9.
/// </summary>
internal sealed class Forecaster(ForecastingTask task, ForecastingOptions options, TextWriter output)
{
    private const double ValidationShare = 0.15;
    private const int Patience = 40;
    private const int FewestEpochs = 5;
    private static readonly double[] Quantiles = [0.1, 0.5, 0.9];

    private readonly Recipe recipe = new(task);

    /// <summary>Name of the network, as tables show it.</summary>
    internal string Name => options.Model switch { "lstm" => "LSTM", "gru" => "GRU", _ => "SimpleRNN" };

    /// <summary>
    /// Trains a network. The newest windows of the training part say after how many epochs to stop; then a network is trained
    /// afresh on all windows for as long.
    /// </summary>
    internal Sequential Train(int seed)
    {
        (NDArray x, NDArray y) = recipe.Windows();
        int windows = x.Shape[0];
        int held = Math.Max(1, (int)Math.Round(ValidationShare * windows));

        // Targets of neighbouring windows overlap: where enough windows stay, those in between are left out.
        int gap = windows - held - task.Horizon >= windows / 2 ? task.Horizon : 0;
        int training = windows - held - gap;
        output.WriteLine($"Seed {seed}: {windows} windows, the last {held} of them to validate on");
        var stopping = new EarlyStopping(patience: Patience);
        Compiled(seed).Fit(
            x.Slice(0, training),
            y.Slice(0, training),
            options.Epochs,
            validationData: new(x.Slice(windows - held, held), y.Slice(windows - held, held)),
            verbose: Verbosity.Silent,
            callbacks: [stopping, Report("validating")]);

        int epochs = Math.Max(Math.Min(FewestEpochs, options.Epochs), (stopping.BestEpoch ?? 0) + 1);
        Sequential model = Compiled(seed);
        model.Fit(x, y, epochs, verbose: Verbosity.Silent, callbacks: [Report("on all windows")]);
        return model;
    }

    /// <summary>Forecasts the steps after the training part: the lower bound of the interval, the median, the upper
    /// bound.</summary>
    internal double[][] Forecast(Sequential model)
    {
        // Quantile by quantile, and in rising order at every step, which a network does not promise.
        float[] outputs = model.Predict(recipe.LastWindow()).Values;
        for (int k = 0; k < task.Horizon; k++)
        {
            float[] sorted = [.. Enumerable.Range(0, Quantiles.Length).Select(q => outputs[(q * task.Horizon) + k]).Order()];
            for (int q = 0; q < sorted.Length; q++)
            {
                outputs[(q * task.Horizon) + k] = sorted[q];
            }
        }

        return [.. Quantiles.Select((_, q) => recipe.Forecast(outputs.AsSpan(q * task.Horizon, task.Horizon)))];
    }

    /// <summary>A network that has not learned anything yet.</summary>
    internal Sequential Compiled(int seed)
    {
        var model = new Sequential(seed: seed);
        model.Add(new Input((task.Lookback, recipe.Features)));
        model.Add(options.Model switch
        {
            "lstm" => new LSTM(options.Units),
            "gru" => new GRU(options.Units),
            _ => (Layer)new SimpleRNN(options.Units),
        });
        model.Add(new Dropout(0.1));
        model.Add(new Dense(task.Horizon * Quantiles.Length));
        model.Compile(new Adam(0.005, globalClipNorm: 1), new Quantile(Quantiles));
        return model;
    }

    private LambdaCallback Report(string what) => new(onEpochEnd: (run, epoch, logs) =>
    {
        if ((epoch + 1) % 25 == 0 || epoch + 1 == run.Epochs || run.StopReason is not null)
        {
            string validation = logs.TryGetValue("val_loss", out double loss)
                ? FormattableString.Invariant($", validation {loss:0.0000}") : string.Empty;
            output.WriteLine(
                FormattableString.Invariant($"  {what}, epoch {epoch + 1,3}: loss {logs["loss"]:0.0000}{validation}"));
        }
    });
}
