// docs/attention.md shows this file between the two lines; AttentionDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Layers;
using Recurrent.Models;

internal static class AttentionExample
{
    public static (NDArray Answers, NDArray Scores) Run(NDArray asked, NDArray read, NDArray y)
    {
        var question = new Input((asked.Shape[1], asked.Shape[2]), name: "asked");
        var text = new Input((null, read.Shape[2]), name: "read");
        Symbol known = new Bidirectional(new GRU(16, returnSequences: true)).Call(text);
        var (found, scores) = new MultiHeadAttention(numHeads: 4, keyDim: 8, returnAttentionScores: true).Call(question, known);
        Symbol answer = new Dense(1).Call(new LayerNormalization().Call(new Add().Call(question, found)));

        var model = new Model([question, text], answer);
        model.Compile(optimizer: "adam", loss: "mse");
        model.Fit([asked, read], y, epochs: 5, verbose: 0);

        var looking = new Model([question, text], scores);      // the same layers: to look at, not to train
        return (model.Predict([asked, read]), looking.Predict([asked, read]));
    }

    public static Sequential Transformer(int steps, int features)
    {
        var model = new Sequential();
        model.Add(new Dense(32, inputShape: (steps, features)));
        model.Add(new PositionalEncoding());                    // attention by itself does not know where a step is
        model.Add(new TransformerEncoder(features: 32, numHeads: 4, intermediateDim: 64, useCausalMask: true));
        model.Add(new SelfAttention(16));
        model.Add(new GlobalAveragePooling1D());
        model.Add(new Dense(1));
        return model;
    }
}
// </example>
