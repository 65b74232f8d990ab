// docs/training.md shows this file between the two lines; TrainingDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

internal static class TrainingExample
{
    public static Sequential Run(NDArray x, NDArray y, string folder)
    {
        string last = Path.Combine(folder, "last.json");
        Sequential model = File.Exists(last)
            ? Sequential.Load(last)                              // weights, optimizer, epochs so far: goes on as if never stopped
            : new Sequential([new GRU(16, inputShape: (x.Shape[1], x.Shape[2])), new Dense(1)]);
        if (!model.IsCompiled)
        {
            model.Compile("adam", "mse", metrics: "mae");
        }

        History history = model.Fit(x, y, epochs: 3, validationSplit: 0.2, verbose: 0, callbacks:
        [
            new EarlyStopping(patience: 5, restoreBestWeights: true),
            new ModelCheckpoint(Path.Combine(folder, "epoch-{epoch:02}.json")),      // 01, 02, 03; after another run 04, 05, 06
            new CSVLogger(Path.Combine(folder, "log.csv")),                          // goes on where the last run ended
        ]);
        Console.WriteLine(history);                              // 3 epochs: loss 0.5000 → 0.0123, …
        model.Save(last);
        return model;
    }
}
// </example>
