using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Text.Tests;

/// <summary>Small models that give scores of tokens, with weights far from zero, so that tokens differ.</summary>
internal static class DecodingModels
{
    internal const int Tokens = 4;
    internal const int End = 3;

    internal static readonly Dictionary<string, Func<int, Model>> All = new()
    {
        ["LSTM"] = seed => Line(seed, new Embedding(Tokens, 5, inputShape: new Shape([null])),
            new LSTM(6, returnSequences: true), new Dense(Tokens)),
        ["softmax"] = seed => Line(seed, new Embedding(Tokens, 5, inputShape: new Shape([null])),
            new GRU(6, returnSequences: true), new Dense(Tokens, "softmax")),
        ["one-hot"] = seed => Line(seed, new Input((null, Tokens)),
            new SimpleRNN(6, returnSequences: true), new Dense(Tokens)),
        ["stacked"] = seed => Line(seed, new Embedding(Tokens, 5, inputShape: new Shape([null])),
            new LSTM(4, returnSequences: true), new MinGRU(5, returnSequences: true), new Dense(Tokens)),
        ["transformer"] = seed => Line(seed, new Embedding(Tokens, 6, inputShape: new Shape([null])), new PositionalEncoding(),
            new TransformerEncoder(6, 2, 8, useCausalMask: true), new Dense(Tokens)),
        ["transformer decoder"] = seed => Line(seed, new Embedding(Tokens, 6, inputShape: new Shape([null])),
            new TransformerDecoder(6, 2, 8, encoderFeatures: 0), new LSTM(4, returnSequences: true), new Dense(Tokens)),
    };

    internal static IEnumerable<string> Names => All.Keys;

    internal static Model Create(string name, int seed = 1) => Randomize(All[name](seed), seed);

    /// <summary>log p of each token after a prefix, from the whole sequence at once.</summary>
    internal static double[] LogProbabilities(Model model, IReadOnlyList<int> prefix)
    {
        NDArray x;
        if (model.Inputs[0].Shape.Rank == 1)
        {
            x = new NDArray([1, prefix.Count], [.. prefix.Select(token => (Real)token)]);
        }
        else
        {
            x = new NDArray(1, prefix.Count, Tokens);
            for (int t = 0; t < prefix.Count; t++)
            {
                x[0, t, prefix[t]] = 1;
            }
        }

        NDArray y = model.Predict(x);
        double[] last = [.. y.Values.AsSpan(y.Size - Tokens).ToArray().Select(value => (double)value)];
        if (model.Outputs[0].Layer is Dense { Function: Recurrent.Activations.Softmax })
        {
            return [.. last.Select(value => Math.Log(value))];
        }

        double log = Math.Log(last.Sum(value => Math.Exp(value - last.Max()))) + last.Max();
        return [.. last.Select(value => value - log)];
    }

    internal static Model Randomize(Model model, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        foreach (Recurrent.Parameters.Parameter parameter in model.Parameters)
        {
            foreach (ref Real value in parameter.Value.Values.AsSpan())
            {
                value = (Real)(random.NextNormal() * 0.9);
            }
        }

        model.SetWeights(model.GetWeights());
        return model;
    }

    private static Sequential Line(int seed, params Layer[] layers) => new(layers, seed: seed);
}
