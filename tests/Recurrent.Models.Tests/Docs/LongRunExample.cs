// docs/long-runs.md shows this file between the two lines; LongRunDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

internal static class LongRunExample
{
    public static History Run(NDArray x, NDArray y, string folder)
    {
        var model = new Sequential([new LSTM(16, inputShape: (x.Shape[1], x.Shape[2])), new Dropout(0.2), new Dense(1)], seed: 7);
        model.Compile("adam", "mse", metrics: "mae");
        History history = model.Fit(x, y, epochs: 20, batchSize: 16, validationSplit: 0.2, validationFreq: 2, callbacks:
        [
            new BackupAndRestore(Path.Combine(folder, "backup"), saveFreq: 50),          // after epochs, and every 50 batches
            new EarlyStopping(patience: 5, restoreBestWeights: true),
            new ReduceLROnPlateau(patience: 2),
            new ModelCheckpoint(Path.Combine(folder, "best.json"), saveBestOnly: true, saveWeightsOnly: true),
            new CSVLogger(Path.Combine(folder, "log.csv")),
            new TensorBoard(Path.Combine(folder, "logs"), histogramFreq: 5),             // tensorboard --logdir logs
            new RemoteMonitor(new Progress<TrainingReport>(report => Console.WriteLine($"{report.Epoch + 1}/{report.Epochs}"))),
        ]);
        history.Plot(Path.Combine(folder, "training.html"));

        string file = Path.Combine(folder, "model.json");
        model.Save(file);
        Receipt.Of(model, x, y).Save(Receipt.PathFor(file));                             // model.receipt.json
        return history;
    }
}
// </example>
