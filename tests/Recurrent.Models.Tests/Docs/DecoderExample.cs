// docs/functional-models.md shows this file between the two lines; StreamingDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Streaming;

internal static class DecoderExample
{
    public static (Model Training, Model Encoder, Model Decoder) Create()
    {
        var source = new Input(((int?)null, 3), name: "source");
        var (_, h, c) = new LSTM(16, returnState: true).Call(source);
        var target = new Input(((int?)null, 2), name: "target");
        var lstm = new LSTM(16, returnSequences: true, returnState: true, name: "decode");
        var dense = new Dense(2, name: "next");
        var training = new Model([source, target], dense.Call(lstm.Call(target, initialState: [h, c])[0]));

        // Two models of the same layers: one that reads, and one that begins with states and gives them.
        var encoder = new Model(source, [h, c]);
        var (beginH, beginC) = (new Input(16, name: "h"), new Input(16, name: "c"));
        var (y, endH, endC) = lstm.Call(target, initialState: [beginH.Output, beginC.Output]);
        var decoder = new Model([target, beginH, beginC], [dense.Call(y), endH, endC]);
        return (training, encoder, decoder);
    }

    public static float[] Write(Model encoder, Model decoder, NDArray text, int steps)
    {
        IReadOnlyList<NDArray> states = encoder.PredictAll(text);
        StreamingSession session = decoder.OpenSession(start: new() { ["h"] = states[0], ["c"] = states[1] });
        float[] step = [0, 0];
        for (int t = 0; t < steps; t++)
        {
            step = session.Step(step);                          // its states go on by themselves
        }

        return session.State["decode/hidden"].Values;           // and can be read, kept, saved and set
    }
}
// </example>
