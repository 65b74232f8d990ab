using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Docs;

/// <summary>What the public API promises, as code: names or objects wherever one of them is taken.</summary>
internal static class DesignExample
{
    public static void Run(NDArray x, NDArray y)
    {
        var byName = new Sequential([new LSTM(4, inputShape: (10, 1)), new Dense(1)]);
        byName.Compile(optimizer: "adam", loss: "mse", metrics: ["mae"]);

        var byObject = new Sequential([new LSTM(4, inputShape: (10, 1)), new Dense(1)]);
        byObject.Compile(new Adam(1e-3), new MeanSquaredError(), [new RootMeanSquaredError(), "mae"]);

        History first = byName.Fit(x, y, verbose: Verbosity.Silent);
        History second = byObject.Fit(x, y, verbose: Verbosity.Silent);
        Assert.That(second["loss"], Is.EqualTo(first["loss"]));
        Assert.That(second["mae"], Is.EqualTo(first["mae"]));

        IReadOnlyList<NDArray> weights = byName.GetWeights();
        IReadOnlyList<NDArray> slopes = byName.ComputeGradients(x, y);
        Assert.That(slopes.Select(s => s.Shape), Is.EqualTo(weights.Select(w => w.Shape)));
    }
}
