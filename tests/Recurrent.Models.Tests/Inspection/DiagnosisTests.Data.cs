using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <content>Data with nothing wrong.</content>
public sealed partial class DiagnosisTests
{
    private static (NDArray X, NDArray Y) Series(int count, int steps, int features = 1, int seed = 5)
    {
        var random = new System.Random(seed);
        var series = new double[count + steps + 1, features];
        for (int t = 0; t < series.GetLength(0); t++)
        {
            for (int f = 0; f < features; f++)
            {
                series[t, f] = Math.Sin((0.5 + (0.2 * f)) * t) + (0.4 * (random.NextDouble() - 0.5));
            }
        }

        var x = new NDArray(count, steps, features);
        var y = new NDArray(count, 1);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < steps * features; j++)
            {
                x.Values[(i * steps * features) + j] = (float)series[i + (j / features), j % features];
            }

            y.Values[i] = (float)series[i + steps, 0];
        }

        return (x, y);
    }

    private static (NDArray X, NDArray Y) Vectors()
    {
        var random = new System.Random(11);
        NDArray x = Fill(new NDArray(Count, 4), () => (2 * random.NextDouble()) - 1);
        var y = new NDArray(Count, 1);
        for (int i = 0; i < Count; i++)
        {
            y.Values[i] = x.Values[4 * i] - (2 * x.Values[(4 * i) + 1]) + 0.5f;
        }

        return (x, y);
    }

    private static NDArray Fill(NDArray array, Func<double> next)
    {
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (float)next();
        }

        return array;
    }

    private static NDArray Scaled(NDArray array, double scale) =>
        new(array.Shape, [.. array.Values.Select(value => (float)(scale * value))]);

    private static NDArray Rows(NDArray array, int[] rows)
    {
        int size = array.Size / array.Shape[0];
        return new([rows.Length, .. array.Shape.Skip(1)], [.. rows.SelectMany(row => array.Values.Skip(row * size).Take(size))]);
    }

    private static float[] Bits(Model model) => [.. model.GetWeights().SelectMany(weights => weights.Values)];
}
