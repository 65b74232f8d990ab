using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Callbacks;

/// <summary>Plays a scripted run to a callback, so that its decisions can be checked without training.</summary>
internal static class Script
{
    /// <summary>A model of two weights.</summary>
    internal static Sequential Model(Optimizer? optimizer = null)
    {
        var model = new Sequential([new Dense(1, inputShape: 1)]);
        model.Compile(optimizer ?? "sgd", "mse");
        return model;
    }

    /// <summary>A run of that model that logs the given names; <c>loss</c> and <c>val_loss</c> by default.</summary>
    internal static TrainingRun Run(Sequential? model = null, int epochs = 100, params string[] names) =>
        new(model ?? Model(), epochs, 1, 1, names.Length == 0 ? ["loss", "val_loss"] : names);

    internal static Dictionary<string, double> Logs(params (string Name, double Value)[] figures) =>
        figures.ToDictionary(figure => figure.Name, figure => figure.Value, StringComparer.Ordinal);

    /// <summary>Plays one figure, epoch by epoch, until the callback stops the run.</summary>
    /// <returns>The number of epochs that were played.</returns>
    internal static int Play(Callback callback, TrainingRun run, string name, params double[] values) =>
        Play(callback, run, [.. values.Select(value => Logs((name, value)))]);

    /// <summary>Plays logs, epoch by epoch, until the callback stops the run.</summary>
    internal static int Play(Callback callback, TrainingRun run, params Dictionary<string, double>[] epochs)
    {
        callback.Check(run);
        callback.OnTrainBegin(run);
        int epoch = 0;
        for (; epoch < epochs.Length && run.StopReason is null; epoch++)
        {
            callback.OnEpochBegin(run, epoch);
            run.EndEpoch([callback], epoch, epochs[epoch]);
        }

        callback.OnTrainEnd(run);
        return epoch;
    }
}
