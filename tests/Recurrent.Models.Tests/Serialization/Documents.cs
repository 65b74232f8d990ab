using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Tests.Serialization;

/// <summary>Models and their documents for these tests.</summary>
internal static class Documents
{
    private static readonly Lazy<string> Small = new(() => Text(TrainedModel(epochs: 1)));

    /// <summary>A file of a small trained model of many kinds of layers.</summary>
    internal static string SmallFile => Small.Value;

    internal static NDArray Inputs { get; } = Noise(1, 12, 5, 2);

    internal static NDArray Targets { get; } = Noise(2, 12, 1);

    internal static NDArray Noise(ulong seed, params int[] shape)
    {
        var random = new SeededRandom(seed);
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (float)random.NextUniform(-1, 1);
        }

        return array;
    }

    internal static Sequential NewModel(Optimizer? optimizer = null)
    {
        var model = new Sequential(name: "small", seed: 7);
        model.Add(new LSTM(3, dropout: 0.2, returnSequences: true, inputShape: (timesteps: 5, features: 2)));
        model.Add(new Dropout(0.3));
        model.Add(new TimeDistributed(new Dense(2, activation: "tanh", kernelRegularizer: "l2")));
        model.Add(new GRU(2, recurrentDropout: 0.1, activityRegularizer: "l2"));
        model.Add(new Dense(1));
        model.Compile(optimizer ?? new Adam(0.01), "mse", metrics: ["mae"]);
        return model;
    }

    internal static Sequential TrainedModel(int epochs, Optimizer? optimizer = null)
    {
        Sequential model = NewModel(optimizer);
        Train(model, epochs);
        return model;
    }

    internal static History Train(Sequential model, int epochs) =>
        model.Fit(Inputs, Targets, epochs, batchSize: 5, verbose: Verbosity.Silent);

    internal static string Text(Model model, bool plainNumbers = false)
    {
        using var stream = new MemoryStream();
        model.Save(stream, plainNumbers: plainNumbers);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    internal static Sequential Load(string text, Recurrent.Serialization.ReadLimits? limits = null) =>
        Load(Encoding.UTF8.GetBytes(text), limits);

    internal static Sequential Load(byte[] bytes, Recurrent.Serialization.ReadLimits? limits = null)
    {
        using var stream = new MemoryStream(bytes);
        return Sequential.Load(stream, limits: limits);
    }

    internal static Model LoadModel(string text, Recurrent.Serialization.ReadLimits? limits = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Model.Load(stream, limits: limits);
    }

    /// <summary>A document with one value changed.</summary>
    internal static string With(string document, string path, JToken? value)
    {
        JToken root = Parse(document);
        JToken token = root.SelectToken(path) ?? throw new ArgumentException(path);
        if (value is null)
        {
            token.Parent!.Remove();
        }
        else
        {
            token.Replace(value);
        }

        return root.ToString(Formatting.None);
    }

    /// <summary>A document with a key added to an object.</summary>
    internal static string WithKey(string document, string path, string key, JToken value)
    {
        JToken root = Parse(document);
        ((JObject)(path.Length == 0 ? root : root.SelectToken(path)!)).Add(key, value);
        return root.ToString(Formatting.None);
    }

    internal static JToken Parse(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return JToken.ReadFrom(reader);
    }

    /// <summary>The bits of all weights.</summary>
    internal static float[] Bits(Model model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];
}
