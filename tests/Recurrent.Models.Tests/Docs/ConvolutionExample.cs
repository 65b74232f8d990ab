// docs/convolution.md shows this file between the two lines; ConvolutionDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Streaming;

internal static class ConvolutionExample
{
    public static float[] Run(NDArray x, NDArray y, IEnumerable<float[]> live)
    {
        var model = new Sequential();
        model.Add(new Conv1D(32, 5, padding: "causal", activation: "relu", inputShape: ((int?)null, x.Shape[2])));
        model.Add(new Conv1D(32, 5, padding: "causal", dilationRate: 4, activation: "relu"));   // sees 4 · 4 + 4 steps back
        model.Add(new GRU(32));
        model.Add(new Dense(1));
        model.Compile(optimizer: "adam", loss: "mse");
        model.Fit(x, y, epochs: 5, verbose: 0);

        StreamingSession session = model.OpenSession();          // causal convolutions work step by step
        var forecast = new float[1];
        foreach (float[] step in live)
        {
            session.Step(step, forecast);
        }

        return forecast;
    }
}
// </example>
