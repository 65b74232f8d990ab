using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>Models with weights that leave nothing at zero, random sequences, and what a session makes of them.</summary>
internal static class Streams
{
    /// <summary>A model of one input and one output, as sessions see it.</summary>
    public static StreamedModel Streamed(Network network, Func<Network?> current) =>
        new("m", network, ["x"], ["y"], SessionStart.None(network), current);

    /// <summary>Gives every weight of a model a random value.</summary>
    internal static Sequential WithRandomWeights(Sequential model, int seed = 1)
    {
        Randomize(model, seed);
        return model;
    }

    /// <summary>Gives every weight of a model a random value.</summary>
    internal static Model Randomize(Model model, int seed = 1)
    {
        var random = new SeededRandom((ulong)seed);
        IReadOnlyList<NDArray> weights = model.GetWeights();
        foreach (NDArray weight in weights)
        {
            foreach (ref Real value in weight.Values.AsSpan())
            {
                value = (Real)(0.4 * random.NextNormal());
            }
        }

        model.SetWeights(weights);
        return model;
    }

    /// <summary>Random sequences, shape (sequences, steps, features), where about one step in three is zero.</summary>
    internal static NDArray Sequences(int sequences, int steps, int features, int seed = 2)
    {
        var random = new SeededRandom((ulong)seed);
        var x = new NDArray(sequences, steps, features);
        for (int b = 0; b < sequences; b++)
        {
            for (int t = 0; t < steps; t++)
            {
                bool padding = (b + t) % 3 == 0;
                for (int i = 0; i < features; i++)
                {
                    x[b, t, i] = padding ? 0 : (Real)random.NextNormal();
                }
            }
        }

        return x;
    }

    /// <summary>One step of all sequences, shape (sequences, features).</summary>
    internal static NDArray StepOf(NDArray x, int t)
    {
        var step = new NDArray(x.Shape[0], x.Shape[2]);
        for (int b = 0; b < x.Shape[0]; b++)
        {
            for (int i = 0; i < x.Shape[2]; i++)
            {
                step[b, i] = x[b, t, i];
            }
        }

        return step;
    }

    /// <summary>The first steps of all sequences.</summary>
    internal static NDArray Prefix(NDArray x, int steps)
    {
        var prefix = new NDArray(x.Shape[0], steps, x.Shape[2]);
        for (int b = 0; b < x.Shape[0]; b++)
        {
            for (int t = 0; t < steps; t++)
            {
                for (int i = 0; i < x.Shape[2]; i++)
                {
                    prefix[b, t, i] = x[b, t, i];
                }
            }
        }

        return prefix;
    }

    /// <summary>The outputs of a session at some steps.</summary>
    internal static Real[][] Run(StreamingSession session, NDArray x, int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(t => session.Step(StepOf(x, t)).Values)];
}
