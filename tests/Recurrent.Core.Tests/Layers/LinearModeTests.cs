using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;

namespace Recurrent.Tests.Layers;

/// <summary>
/// Cells without their nonlinearities: with linear activations a step is a short formula of its weights, which shows whether each
/// weight is where it belongs. Two steps from random states, in plain loops over weights in Keras's shapes.
/// </summary>
[TestFixture]
public sealed class LinearModeTests
{
    private const int Units = 3;
    private const int Outputs = 2;
    private const double Epsilon = 0.1;

    private static readonly double[][] X = [[0.5, -1.25], [0.75, 1]];

    // i, f, g and o are pre-activations: c = f·c' + i·g, h = o·c.
    [Test]
    public void Peephole_LSTM([Values] bool full, [Values] bool previous) => Check(
        new PeepholeLSTM(Units, full, previous, options: new() { Activation = "linear", RecurrentActivation = "linear" },
            returnSequences: true),
        (w, x, states) =>
        {
            double[] z = Sum(Times(w["kernel"], x), Times(w["recurrent_kernel"], states[0]), Values(w["bias"]));
            double[] before = Peepholes(w["peephole_kernel"], states[1]);
            double[] i = Sum(Part(z, 0), Part(before, 0));
            double[] f = Sum(Part(z, 1), Part(before, 1));
            double[] c = Sum(Product(f, states[1]), Product(i, Part(z, 2)));
            double[] o = Sum(Part(z, 3), Part(previous ? before : Peepholes(w["peephole_kernel"], c), 2));
            return [Product(o, c), c];
        });

    [Test]
    public void Projected_LSTM() => Check(
        new ProjectedLSTM(Units, Outputs, options: new() { Activation = "linear", RecurrentActivation = "linear" },
            returnSequences: true),
        (w, x, states) =>
        {
            double[] z = Sum(Times(w["kernel"], x), Times(w["recurrent_kernel"], states[0]), Values(w["bias"]));
            double[] c = Sum(Product(Part(z, 1), states[1]), Product(Part(z, 0), Part(z, 2)));
            return [Times(w["projection_kernel"], Product(Part(z, 3), c)), c];
        });

    [Test]
    public void Coupled_LSTM() => Check(
        new CoupledLSTM(Units, options: new() { Activation = "linear", RecurrentActivation = "linear" }, returnSequences: true),
        (w, x, states) =>
        {
            double[] z = Sum(Times(w["kernel"], x), Times(w["recurrent_kernel"], states[0]), Values(w["bias"]));
            double[] f = Part(z, 0);
            double[] c = Sum(Product(f, states[1]), Product([.. f.Select(v => 1 - v)], Part(z, 1)));
            return [Product(Part(z, 2), c), c];
        });

    [Test]
    public void Update_gate_RNN() => Check(
        new UGRNN(Units, options: new() { Activation = "linear", RecurrentActivation = "linear" }, returnSequences: true),
        (w, x, states) =>
        {
            double[] a = Sum(Times(w["kernel"], x), Times(w["recurrent_kernel"], states[0]), Values(w["bias"]));
            double[] z = Part(a, 0);
            return [Sum(Product(z, states[0]), Product([.. z.Select(v => 1 - v)], Part(a, 1)))];
        });

    [Test]
    public void Jordan_network() => Check(
        new JordanRNN(Units, Outputs, options: new() { Activation = "linear" }, returnSequences: true),
        (w, x, states) =>
        {
            double[] h = Sum(Times(w["kernel"], x), Times(w["recurrent_kernel"], states[0]), Values(w["bias"]));
            return [Sum(Times(w["output_kernel"], h), Values(w["output_bias"]))];
        });

    [Test]
    public void Jordan_network_whose_output_comes_first() => Check(
        new JordanRNN(Units, Outputs, outputFirst: true, options: new() { Activation = "linear" }, returnSequences: true),
        (w, x, states) =>
        {
            double[] y = Sum(Times(w["output_recurrent_kernel"], states[1]), Times(w["output_kernel"], states[0]),
                Values(w["output_bias"]));
            double[] a = Sum(Times(w["kernel"], x), Times(w["recurrent_kernel"], states[0]), Values(w["bias"]));
            return [Sum(a, Times(w["feedback_kernel"], y)), y];
        },
        output: 1);

    [Test]
    public void Layer_normalised_LSTM() => Check(
        new LayerNormLSTM(Units, Epsilon, options: new() { Activation = "linear", RecurrentActivation = "linear" },
            returnSequences: true),
        (w, x, states) =>
        {
            double[] z = Sum(
                Product(Values(w["kernel_gamma"]), Normalized(Times(w["kernel"], x))),
                Product(Values(w["recurrent_gamma"]), Normalized(Times(w["recurrent_kernel"], states[0]))),
                Values(w["bias"]));
            double[] c = Sum(Product(Part(z, 1), states[1]), Product(Part(z, 0), Part(z, 2)));
            double[] n = Sum(Product(Values(w["cell_gamma"]), Normalized(c)), Values(w["cell_beta"]));
            return [Product(Part(z, 3), n), c];
        });

    [Test]
    public void Layer_normalised_GRU() => Check(
        new LayerNormGRU(Units, Epsilon, options: new() { Activation = "linear", RecurrentActivation = "linear" },
            returnSequences: true),
        (w, x, states) =>
        {
            double[] fromInput = NormalizedGatesAndCandidate(w["kernel_gamma"], Times(w["kernel"], x));
            double[] fromState = NormalizedGatesAndCandidate(w["recurrent_gamma"], Times(w["recurrent_kernel"], states[0]));
            double[] b = Values(w["bias"]);
            double[] z = Sum(Part(fromInput, 0), Part(fromState, 0), Part(b, 0));
            double[] r = Sum(Part(fromInput, 1), Part(fromState, 1), Part(b, 1));
            double[] u = Sum(Part(fromState, 2), Values(w["recurrent_bias"]));
            double[] candidate = Sum(Part(fromInput, 2), Part(b, 2), Product(r, u));
            return [Sum(Product(z, states[0]), Product([.. z.Select(v => 1 - v)], candidate))];
        });

    /// <summary>The states after a step, from the weights by name, the input and the states before it.</summary>
    private delegate double[][] Step(CellRun weights, double[] x, double[][] states);

    private static void Check(RecurrentLayer layer, Step step, int output = 0)
    {
        var run = new CellRun(layer, [.. X.Select(x => x.Select(v => (Real)v).ToArray())]);
        var random = new SeededRandom(7);
        foreach (Parameter parameter in layer.Parameters)
        {
            run.Set(parameter.Name, [.. Enumerable.Range(0, parameter.Size).Select(_ => (double)random.NextUniform(-1, 1))]);
        }

        double[][] states =
            [.. layer.StateSizes.Select(rows => Enumerable.Range(0, rows).Select(_ => (double)random.NextUniform(-1, 1))
                .ToArray())];
        for (int i = 0; i < states.Length; i++)
        {
            run.Start(i, states[i]);
        }

        List<double> expected = [];
        foreach (double[] x in X)
        {
            states = step(run, x, states);
            expected.AddRange(states[output]);
        }

        AssertClose(run.Outputs(), expected, "output");
        for (int i = 0; i < states.Length; i++)
        {
            AssertClose(run.FinalState(i), states[i], layer.StateNames[i]);
        }
    }

    /// <summary>y_j = Σ_k W[k, j]·x_k for a kernel of shape (inputs, outputs).</summary>
    private static double[] Times(Parameter kernel, double[] x)
    {
        Assert.That(kernel.Shape[0], Is.EqualTo(x.Length), kernel.Name);
        var y = new double[kernel.Shape[1]];
        for (int k = 0; k < x.Length; k++)
        {
            for (int j = 0; j < y.Length; j++)
            {
                y[j] += (double)kernel.Values[(k * y.Length) + j] * x[k];
            }
        }

        return y;
    }

    private static double[] Peepholes(Parameter kernel, double[] c) =>
        kernel.Shape.Count == 2 ? Times(kernel, c) : Product(Values(kernel), [.. c, .. c, .. c]);

    private static double[] NormalizedGatesAndCandidate(Parameter gain, double[] x) =>
        Product(Values(gain), [.. Normalized(x[..(2 * Units)]), .. Normalized(x[(2 * Units)..])]);

    private static double[] Normalized(double[] x)
    {
        double mean = x.Average();
        double variance = x.Average(v => (v - mean) * (v - mean));
        return [.. x.Select(v => (v - mean) / Math.Sqrt(variance + Epsilon))];
    }

    private static double[] Part(double[] z, int gate) => z[(gate * Units)..((gate + 1) * Units)];

    private static double[] Values(Parameter parameter) => [.. parameter.Values.ToArray().Select(v => (double)v)];

    private static double[] Sum(params double[][] terms) =>
        [.. Enumerable.Range(0, terms[0].Length).Select(i => terms.Sum(t => t[i]))];

    private static double[] Product(double[] x, double[] y)
    {
        Assert.That(x, Has.Length.EqualTo(y.Length));
        return [.. x.Zip(y, (a, b) => a * b)];
    }

    private static void AssertClose(Real[] actual, IReadOnlyList<double> expected, string what)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Count), what);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-5 * Math.Max(1, Math.Abs(expected[i]))), $"{what}[{i}]");
        }
    }
}
