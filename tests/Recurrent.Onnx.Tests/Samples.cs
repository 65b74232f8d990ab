using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Parameters;

namespace Recurrent.Onnx.Tests;

/// <summary>Numbers for models.</summary>
internal static class Samples
{
    /// <summary>Numbers about 0.</summary>
    public static NDArray Numbers(System.Random random, params int[] shape)
    {
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (float)((random.NextDouble() * 3) - 1.5);
        }

        return array;
    }

    /// <summary>What a model of a case is given.</summary>
    public static NDArray[] For(LayerCase layerCase, Model model, System.Random random, int batch, int more = 0) =>
        [.. model.Inputs.Select(input => For(layerCase, input, random, batch, more))];

    /// <summary>Gives the parameters of a model other numbers, so that no bias is zero and no gain one.</summary>
    public static void Shake(Model model, System.Random random)
    {
        foreach (Parameter parameter in model.Network.Parameters)
        {
            foreach (ref float value in parameter.Values)
            {
                value += (float)((random.NextDouble() * 0.8) - 0.4);
                if (parameter.Name.EndsWith("variance", StringComparison.Ordinal))
                {
                    value = Math.Abs(value) + 0.1f;
                }
            }

            parameter.MarkChanged();
        }
    }

    private static NDArray For(LayerCase layerCase, Symbol input, System.Random random, int batch, int more)
    {
        int[] shape = [batch, .. input.Shape.Axes.Select((axis, i) => axis ?? (i == 0 ? layerCase.Steps + more : 4))];
        NDArray x = Numbers(random, shape);
        if (layerCase.Ids is int ids)
        {
            for (int i = 0; i < x.Size; i++)
            {
                x.Values[i] = random.Next(ids);
            }
        }

        if (layerCase.Masked)
        {
            int row = shape[^1];
            for (int i = 0; i < x.Size / row; i++)
            {
                if (random.Next(3) == 0)
                {
                    x.Values.AsSpan(i * row, row).Clear();
                }
            }

            // One sample without any data.
            x.Values.AsSpan(0, x.Size / batch).Clear();
        }

        return x;
    }
}
