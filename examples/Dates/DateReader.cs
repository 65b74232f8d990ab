using System.Numerics.Tensors;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Examples.Dates;

/// <summary>
/// A network that reads a written date and answers eight questions, one for each digit. A question is a trained vector; with
/// attention it looks at the letters, else it is given what the encoder knows at the end of the text.
/// </summary>
internal sealed class DateReader
{
    private const int Digits = 10;
    private const int BatchSize = 32;
    private readonly Model model;
    private readonly Model? looking;

    internal DateReader(int units, bool attention, int seed)
    {
        var text = new Input(WrittenDate.Steps, name: "text");
        var asked = new Input(WrittenDate.Asked.Length, name: "asked");
        Symbol letters = new Embedding(WrittenDate.Letters.Length + 1, 24, maskZero: true).Call(text);
        Symbol question = new Embedding(WrittenDate.Asked.Length, 2 * units).Call(asked);
        Symbol? scores = null;
        Symbol known;
        if (attention)
        {
            // Letters are keys and values: what the encoder makes of each, having read the text from both sides.
            Symbol read = new Bidirectional(new GRU(units, returnSequences: true)).Call(letters);
            (known, scores) = new Attention(returnAttentionScores: true).Call(question, read);
        }
        else
        {
            known = new RepeatVector(WrittenDate.Asked.Length).Call(new Bidirectional(new GRU(units)).Call(letters));
        }

        Symbol hidden = new Dense(2 * units, "relu").Call(new Concatenate().Call(known, question));
        Symbol answer = new Dense(Digits, "softmax", name: "answer").Call(hidden);
        model = new Model([text, asked], answer, seed: seed);

        // The same layers once more, with the scores as an output: to look at, not to train.
        looking = scores is null ? null : new Model([text, asked], scores);
    }

    /// <summary>Number of weights.</summary>
    internal long Weights => model.ParameterCount;

    /// <summary>Trains on dates.</summary>
    internal void Train(WrittenDate[] dates, int epochs)
    {
        int updates = epochs * ((dates.Length + BatchSize - 1) / BatchSize);
        model.Compile(new Adam(new CosineDecay(0.004, updates), globalClipNorm: 1), "sparse_categorical_crossentropy");
        model.Fit(
            [WrittenDate.Texts(dates), Asked(dates.Length)],
            WrittenDate.Answers(dates),
            epochs,
            BatchSize,
            verbose: Verbosity.Silent);
    }

    /// <summary>The eight digits that the network says, for each date.</summary>
    internal string[] Answer(WrittenDate[] dates)
    {
        float[] probabilities = model.Predict([WrittenDate.Texts(dates), Asked(dates.Length)]).Values;
        string digits = string.Concat(probabilities.Chunk(Digits).Select(chances => TensorPrimitives.IndexOfMax<float>(chances)));
        return [.. digits.Chunk(WrittenDate.Asked.Length).Select(answer => new string(answer))];
    }

    /// <summary>How much each question looks at each letter, shape (dates, 8, letters).</summary>
    internal NDArray Look(WrittenDate[] dates) => looking!.Predict([WrittenDate.Texts(dates), Asked(dates.Length)]);

    private static NDArray Asked(int count)
    {
        var asked = new NDArray(count, WrittenDate.Asked.Length);
        for (int i = 0; i < asked.Size; i++)
        {
            asked.Values[i] = i % WrittenDate.Asked.Length;
        }

        return asked;
    }
}
