namespace Recurrent.Examples.FromScratch;

/// <summary>The five parameters of a plain recurrent network with one input and one output, or a gradient for each of
/// them.</summary>
/// <param name="Input">W_xh: one weight from the input to each unit.</param>
/// <param name="Recurrent">W_hh: <c>[from, to]</c>, from each unit a step ago to each unit.</param>
/// <param name="Bias">b_h: one for each unit.</param>
/// <param name="Output">W_hy: one weight from each unit to the output.</param>
/// <param name="OutputBias">b_y, an array of one.</param>
internal sealed record Weights(double[] Input, double[,] Recurrent, double[] Bias, double[] Output, double[] OutputBias)
{
    /// <summary>As many zeros.</summary>
    internal static Weights Zeros(int units) =>
        new(new double[units], new double[units, units], new double[units], new double[units], new double[1]);

    /// <summary>Takes over what <c>GetWeights</c> or <c>ComputeGradients</c> gives: kernel, recurrent kernel, bias of each
    /// layer.</summary>
    internal static Weights From(IReadOnlyList<NDArray> arrays) => new(
        Array.ConvertAll(arrays[0].Values, v => (double)v),
        (double[,])arrays[1],
        Array.ConvertAll(arrays[2].Values, v => (double)v),
        Array.ConvertAll(arrays[3].Values, v => (double)v),
        Array.ConvertAll(arrays[4].Values, v => (double)v));

    /// <summary>A step of gradient descent: <c>w ← w − rate · gradient</c>.</summary>
    internal void Descend(Weights gradient, double rate)
    {
        for (int i = 0; i < Bias.Length; i++)
        {
            Input[i] -= rate * gradient.Input[i];
            Bias[i] -= rate * gradient.Bias[i];
            Output[i] -= rate * gradient.Output[i];
            for (int j = 0; j < Bias.Length; j++)
            {
                Recurrent[i, j] -= rate * gradient.Recurrent[i, j];
            }
        }

        OutputBias[0] -= rate * gradient.OutputBias[0];
    }

    /// <summary>For each parameter its name, its largest entry, and the largest difference of any entry from another's.</summary>
    internal IEnumerable<(string Name, double Largest, double Difference)> Compare(Weights other)
    {
        yield return Row("W_xh", Input, other.Input);
        yield return Row("W_hh", [.. Recurrent.Cast<double>()], [.. other.Recurrent.Cast<double>()]);
        yield return Row("b_h", Bias, other.Bias);
        yield return Row("W_hy", Output, other.Output);
        yield return Row("b_y", OutputBias, other.OutputBias);
    }

    private static (string Name, double Largest, double Difference) Row(string name, double[] ours, double[] theirs) =>
        (name, ours.Max(Math.Abs), ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max());
}
