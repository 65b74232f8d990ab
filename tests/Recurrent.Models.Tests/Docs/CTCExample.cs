// docs/ctc.md shows this file between the two lines; SoundDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Labelling;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Streaming;

internal static class CTCExample
{
    public static IReadOnlyList<int> Run(RaggedSequences frames, RaggedSequences labels, RaggedSequences spoken)
    {
        var model = new Sequential();
        model.Add(new Bidirectional(new LSTM(32, returnSequences: true), inputShape: ((int?)null, 13)));
        model.Add(new Dense(11));                                  // class 0 is the blank; no softmax
        model.Compile(optimizer: "adam", loss: "ctc");
        model.Fit(frames, labels, epochs: 2, verbose: 0);          // labels 1 to 10, as many as there are in each sample

        RaggedSequences outputs = model.Predict(spoken);
        CTCDecoding greedy = new CTCDecoder().Decode(outputs)[0];
        var decoder = new CTCDecoder("beam_search", beamWidth: 20, topPaths: 3, insertionBonus: 0.5,
            languageModel: (prefix, next) => prefix.Length > 0 && next == prefix[^1] ? -2 : -1);
        foreach (CTCPath path in decoder.Decode(outputs)[0].Paths) // the three best
        {
            Console.WriteLine($"{string.Join(" ", path.Labels)}: {path.LogProbability}");
        }

        return greedy.Labels;
    }

    public static IReadOnlyList<int> Listen(StreamingSession frames, CTCSession labels, IEnumerable<float[]> microphone)
    {
        foreach (float[] frame in microphone)
        {
            labels.Step(frames.Step(frame));                       // model.OpenSession(), decoder.OpenSession(classes: 11)
            Console.WriteLine($"{string.Join(" ", labels.Labels)}: the first {labels.Settled} are sure");
        }

        return labels.Found().Labels;                              // what the decoder finds in the whole
    }
}
// </example>
