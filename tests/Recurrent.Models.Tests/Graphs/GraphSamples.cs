using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>Functional models of many kinds for tests of files, tables and drawings.</summary>
internal static class GraphSamples
{
    /// <summary>Two inputs, a shared layer, a model inside used twice, states wired from an encoder to a decoder, attention, two
    /// outputs.</summary>
    public static Model Everything()
    {
        var left = new Input((4, 3), name: "left");
        var right = new Input((4, 3), name: "right");
        var a = new Input((4, 2));
        var inner = new Model(a, new Dense(2, "tanh", name: "inner_dense").Call(new GRU(3, returnSequences: true).Call(a)),
            name: "inner");
        var row = new Sequential([new Dense(2, name: "row_dense", inputShape: (4, 3)), new Dropout(0.2)], name: "row");
        Symbol both = new Add().Call(inner.Call(row.Call(left)), inner.Call(row.Call(right)));
        (Symbol y, Symbol h, Symbol c) = new LSTM(3, returnState: true, returnSequences: true, name: "encoder").Call(both);
        Symbol decoded = new LSTM(3, returnSequences: true, name: "decoder").Call(right.Output, h, c);
        Symbol attended = new MultiHeadAttention(2, 2, useCausalMask: true, name: "attention").Call(decoded, y);
        Symbol scored = new Attention(name: "scored").Call(decoded, y);
        var output = new Dense(1, name: "shared");
        Symbol first = output.Call(new GlobalAveragePooling1D().Call(attended));
        Symbol second = new Dense(2, name: "second").Call(new Concatenate().Call(new Flatten().Call(scored), output.Call(h)));
        return new Model([left, right], [first, second], name: "everything", seed: 5);
    }

    /// <summary>The same, compiled.</summary>
    public static Model Compiled()
    {
        Model model = Everything();
        model.Compile(
            "adam", ["mse", "mae"], metrics: [["mae"], ["mse"]], lossWeights: [1, 0.5]);
        return model;
    }

    /// <summary>An encoder and a decoder.</summary>
    public static Model Decoder()
    {
        var x = new Input((6, 2), name: "series");
        (Symbol _, Symbol h, Symbol c) = new LSTM(4, returnState: true, name: "encoder").Call(x);
        Symbol y = new LSTM(4, returnSequences: true, name: "decoder").Call(new RepeatVector(3).Call(h), h, c);
        return new Model(x, new TimeDistributed(new Dense(1)).Call(y));
    }
}
