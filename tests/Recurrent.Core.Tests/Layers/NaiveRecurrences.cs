namespace Recurrent.Tests.Layers;

/// <summary>Recurrences in plain loops, in double precision and as their papers write them, one sample at a time.</summary>
internal static class NaiveRecurrences
{
    /// <summary>mLSTM, not stabilised.</summary>
    public static double[][] MLSTM(double[][] x, Real[] w, Real[] b, int units, int heads, int keys, bool sigmoidForgets)
    {
        int values = units / heads;
        int rows = b.Length;
        var memory = new double[heads, values, keys];
        var normalizer = new double[heads, keys];
        var h = new double[x.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            h[t] = new double[units];
            double[] z = Affine(x[t], w, b);
            int value = 2 * heads * keys;
            for (int head = 0; head < heads; head++)
            {
                double i = Math.Exp(z[value + units + head]);
                double f = z[value + units + heads + head];
                f = sigmoidForgets ? Sigmoid(f) : Math.Exp(f);
                double product = 0;
                for (int k = 0; k < keys; k++)
                {
                    double key = z[(heads * keys) + (head * keys) + k] / Math.Sqrt(keys);
                    normalizer[head, k] = (f * normalizer[head, k]) + (i * key);
                    product += normalizer[head, k] * z[(head * keys) + k];
                    for (int v = 0; v < values; v++)
                    {
                        memory[head, v, k] = (f * memory[head, v, k]) + (i * z[value + (head * values) + v] * key);
                    }
                }

                for (int v = 0; v < values; v++)
                {
                    double read = 0;
                    for (int k = 0; k < keys; k++)
                    {
                        read += memory[head, v, k] * z[(head * keys) + k];
                    }

                    double o = Sigmoid(z[rows - units + (head * values) + v]);
                    h[t][(head * values) + v] = o * read / Math.Max(Math.Abs(product), 1);
                }
            }
        }

        return h;
    }

    /// <summary>The selective state space S6: kernel, bias, delta_kernel, delta_bias, log_decay, skip.</summary>
    public static double[][] S6(double[][] x, Real[][] weights, int units, int size, int rank, bool project)
    {
        var state = new double[units, size];
        var y = new double[x.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            y[t] = new double[units];
            double[] z = Affine(x[t], weights[0], weights[1]);
            int low = project ? units : 0;
            double[] delta = Affine(z[low..(low + rank)], weights[2], weights[3]);
            for (int k = 0; k < units; k++)
            {
                double u = project ? z[k] : x[t][k];
                double step = Math.Log(1 + Math.Exp(delta[k]));
                y[t][k] = weights[5][k] * u;
                for (int n = 0; n < size; n++)
                {
                    double a = Math.Exp(-step * Math.Exp(weights[4][(n * units) + k]));
                    state[k, n] = (a * state[k, n]) + (step * u * z[low + rank + n]);
                    y[t][k] += state[k, n] * z[low + rank + size + n];
                }
            }
        }

        return y;
    }

    /// <summary>The steps of one sample.</summary>
    public static double[][] Rows(NDArray x, int sample) => [.. Enumerable.Range(0, x.Shape[1]).Select(
        t => (double[])[.. Enumerable.Range(0, x.Shape[2]).Select(i => (double)x[sample, t, i])])];

    /// <summary>W·x + b, W in Keras's shape.</summary>
    public static double[] Affine(double[] x, Real[] w, Real[] b)
    {
        double[] z = [.. b.Select(value => (double)value)];
        for (int i = 0; i < x.Length; i++)
        {
            for (int row = 0; row < z.Length; row++)
            {
                z[row] += w[(i * z.Length) + row] * x[i];
            }
        }

        return z;
    }

    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
