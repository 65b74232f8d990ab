using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>Recurrent layers with given weights on given numbers.</summary>
internal static class Recurrences
{
    /// <summary>Builds a layer for an input, gives it weights, and runs it.</summary>
    /// <param name="layer">The layer, not built yet.</param>
    /// <param name="x">The input, (batch, timesteps, features).</param>
    /// <param name="weights">The values of each parameter, row-major in Keras's shape.</param>
    public static NDArray Run(Layer layer, NDArray x, params Real[][] weights)
    {
        SequenceBatch input = Batches.Of(x);
        Build(layer, input, weights);
        Pass pass = layer.CreatePass(new(input.SampleShape, input.BatchSize, Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        return layer.Forward(pass, input).ToArray();
    }

    /// <summary>Builds a layer for an input and gives it weights.</summary>
    public static void Build(Layer layer, SequenceBatch input, params Real[][] weights)
    {
        layer.Build(input.SampleShape, seed: 1);
        Assert.That(layer.Parameters, Has.Count.EqualTo(weights.Length));
        for (int i = 0; i < weights.Length; i++)
        {
            Assert.That(weights[i], Has.Length.EqualTo(layer.Parameters[i].Size), layer.Parameters[i].Name);
            weights[i].CopyTo(layer.Parameters[i].Values);
            layer.Parameters[i].MarkChanged();
        }
    }

    /// <summary>One sample of one feature.</summary>
    public static NDArray Series(params Real[] x) => new([1, x.Length, 1], x);

    /// <summary>Numbers that look random and are the same everywhere.</summary>
    public static NDArray Numbers(params int[] shape)
    {
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (Real)(((i * 37 % 71) - 35) / 35.0);
        }

        return array;
    }
}
