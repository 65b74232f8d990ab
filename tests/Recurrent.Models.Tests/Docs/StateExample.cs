// docs/state.md shows this file between the two lines; StateDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.States;

internal static class StateExample
{
    public static NDArray Run(Sequential model, NDArray january, NDArray february, NDArray march, string path)
    {
        (NDArray forecast, ModelState state) = model.PredictWithState(january);   // begins at zero
        (forecast, state) = model.PredictWithState(february, state);              // goes on: what Predict gives for both months
        state.Save(path);                                                         // the state, not the weights
        forecast = model.PredictWithState(march, ModelState.Load(path)).Output;

        var reader = new LSTM(8, returnState: true);                              // a layer by itself
        var meaning = (LSTMState)reader.Call(january).State;                      // meaning.Hidden, meaning.Cell
        var writer = new LSTM(8, returnSequences: true);
        NDArray answer = writer.Call(february, initialState: meaning).Output;
        return answer;
    }

    public static void Train(Sequential model, NDArray x, NDArray y) =>
        model.Fit(x, y, epochs: 2, truncatedSteps: 50);                           // sequences of any length, memory of 50 steps
}
// </example>
