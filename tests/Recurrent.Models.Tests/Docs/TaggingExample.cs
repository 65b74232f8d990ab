// docs/tagging.md shows this file between the two lines; TaggingDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Layers;
using Recurrent.Models;

internal static class TaggingExample
{
    public static string[] Run(NDArray words, NDArray tags, NDArray sentence)
    {
        var crf = new CRF(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"], scheme: "bio");
        var model = new Sequential();
        model.Add(new Embedding(1000, 32, maskZero: true, inputShape: new([null])));     // 0 is padding, and has no tag
        model.Add(new Bidirectional(new LSTM(32, returnSequences: true)));
        model.Add(crf);
        model.Compile(optimizer: "adam", loss: "crf", metrics: ["accuracy"]);
        model.Fit(words, tags, epochs: 3, verbose: 0);                   // both (samples, timesteps); a tag is its index

        NDArray best = model.Predict(sentence);                          // (samples, timesteps), −1 where there is padding
        TaggedSequence found = model.PredictTags(sentence, count: 3)[0]; // the three best, and how sure each tag is
        _ = found.Marginals;                                             // (timesteps, tags), rows sum to 1
        return crf.NamesOf(best)[0];                                     // the same as found.Tags
    }
}
// </example>
