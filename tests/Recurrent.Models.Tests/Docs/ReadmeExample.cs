// README.md shows this file between the two lines; ReadmeTests holds the two together.
// <readme>
using Recurrent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

internal static class ReadmeExample
{
    public static NDArray Run(NDArray x, NDArray y, NDArray xTest, string path)
    {
        var model = new Sequential();
        model.Add(new LSTM(50, returnSequences: true, inputShape: (timesteps: 10, features: 1)));
        model.Add(new Dropout(0.2));
        model.Add(new LSTM(50));
        model.Add(new Dense(1));
        model.Compile(optimizer: "adam", loss: "mse", metrics: ["mae"]);

        History history = model.Fit(x, y, epochs: 100, batchSize: 32, validationSplit: 0.2,
            callbacks: [new EarlyStopping(patience: 10, restoreBestWeights: true)]);
        NDArray forecast = model.Predict(xTest);

        model.Save(path);                                 // architecture, weights, optimizer state
        Sequential again = Sequential.Load(path);         // predicts the same bits, trains on as if never stopped

        string architecture = model.ToJson();             // the JSON that keras.Model.to_json() writes
        Sequential fromKeras = Sequential.FromJson(architecture);
        fromKeras.SetWeights(model.GetWeights());         // Keras's order and shapes

        Console.WriteLine(again.Summary());
        Console.WriteLine($"best validation loss: {history["val_loss"].Min():F4}");
        return forecast;
    }
}
// </readme>
