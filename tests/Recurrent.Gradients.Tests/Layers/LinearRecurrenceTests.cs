using System.Numerics;
using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>
/// Recurrences that take many steps together, over more steps than they take at once: against plain loops over the equations, and
/// against themselves step by step.
/// </summary>
[TestFixture]
public sealed class LinearRecurrenceTests
{
    private const int Units = 40;
    private const int Features = 5;
    private const int Steps = 900;
    private const int Batch = 2;

    private static readonly Dictionary<string, Func<bool, Layer>> Layers = new()
    {
        ["LRU"] = sequences => new LRU(Units, rMin: 0.5, rMax: 0.99, returnSequences: sequences),
        ["LRU, diagonal"] = sequences => new LRU(Units, Features, feedthrough: "diagonal", returnSequences: sequences),
        ["RGLRU"] = sequences => new RGLRU(Units, returnSequences: sequences),
        ["RGLRU, blocks"] = sequences => new RGLRU(Units, blocks: 4, returnSequences: sequences),
        ["RGLRU, as in the paper"] = sequences => new RGLRU(Features, returnSequences: sequences),
        ["MinGRU"] = sequences => new MinGRU(Units, returnSequences: sequences),
        ["MinGRU, log space"] = sequences =>
            new MinGRU(Units, options: new() { Activation = "soft_positive" }, returnSequences: sequences),
        ["MinLSTM"] = sequences => new MinLSTM(Units, returnSequences: sequences),
    };

    private static IEnumerable<string> Names => Layers.Keys;

    private delegate double[] Step(Func<string, double[]> weights, double[] x, double[] state);

    [Test]
    public void LRU_is_its_equations([Values("full", "diagonal", "none")] string feedthrough, [Values] bool normalize)
    {
        var layer = new LRU(
            3, Features, rMin: 0.3, normalize: normalize, feedthrough: feedthrough, returnSequences: true);
        Check(layer, state: 6, (w, x, s) =>
        {
            double[] y = new double[Features];
            for (int k = 0; k < 3; k++)
            {
                var lambda = Complex.Exp(new Complex(-Math.Exp(w("nu_log")[k]), Math.Exp(w("theta_log")[k])));
                Complex input = 0;
                for (int j = 0; j < Features; j++)
                {
                    input += new Complex(w("kernel")[(j * 6) + k], w("kernel")[(j * 6) + 3 + k]) * x[j];
                }

                double gain = normalize ? Math.Exp(w("gamma_log")[k]) : 1;
                Complex next = (lambda * new Complex(s[k], s[3 + k])) + (gain * input);
                (s[k], s[3 + k]) = (next.Real, next.Imaginary);
                for (int j = 0; j < Features; j++)
                {
                    var c = new Complex(w("output_kernel")[(k * Features) + j], -w("output_kernel")[((3 + k) * Features) + j]);
                    y[j] += (c * next).Real;
                }
            }

            for (int j = 0; j < Features && feedthrough != "none"; j++)
            {
                for (int i = 0; i < Features; i++)
                {
                    y[j] += feedthrough == "full" ? w("feedthrough")[(i * Features) + j] * x[i]
                        : i == j ? w("feedthrough")[j] * x[j] : 0;
                }
            }

            return y;
        });
    }

    [TestCase(4, 1, false)]
    [TestCase(4, 2, false)]
    [TestCase(5, 1, false)]
    [TestCase(5, 5, false)]
    [TestCase(5, 1, true)]
    public void RGLRU_is_its_equations(int units, int blocks, bool project)
    {
        var layer = new RGLRU(
            units, blocks, exponent: 3, minDecay: 0.2, projectInput: project ? true : null, returnSequences: true);
        Check(layer, state: units, (w, u, h) =>
        {
            double[] x = u;
            if (project || units != Features)
            {
                x = [.. Enumerable.Range(0, units).Select(j =>
                    w("input_bias")[j] + Enumerable.Range(0, Features).Sum(i => w("input_kernel")[(i * units) + j] * u[i]))];
            }

            for (int k = 0; k < units; k++)
            {
                double r = Gate(0, k);
                double i = Gate(1, k);
                double a = Math.Pow(Logistic(w("lambda")[k]), 3 * r);
                h[k] = (a * h[k]) + (Math.Sqrt(1 - (a * a)) * i * x[k]);
            }

            return [.. h];

            double Gate(int gate, int k)
            {
                int size = units / blocks;
                double sum = w("bias")[(gate * units) + k];
                for (int j = 0; j < size; j++)
                {
                    sum += w("kernel")[(j * 2 * units) + (gate * units) + k] * x[(k / size * size) + j];
                }

                return Logistic(sum);
            }
        });
    }

    [Test]
    public void MinGRU_is_its_equations() => Check(
        new MinGRU(Units, returnSequences: true), state: Units, (w, x, h) =>
        {
            for (int k = 0; k < Units; k++)
            {
                double z = Logistic(Sum(w, x, 2 * Units, k));
                h[k] = ((1 - z) * h[k]) + (z * Sum(w, x, 2 * Units, Units + k));
            }

            return [.. h];
        });

    [Test]
    public void MinLSTM_is_its_equations() => Check(
        new MinLSTM(Units, returnSequences: true), state: Units, (w, x, h) =>
        {
            for (int k = 0; k < Units; k++)
            {
                double i = Logistic(Sum(w, x, 3 * Units, k));
                double f = Logistic(Sum(w, x, 3 * Units, Units + k));
                h[k] = ((f * h[k]) + (i * Sum(w, x, 3 * Units, (2 * Units) + k))) / (f + i);
            }

            return [.. h];
        });

    // A sample that is masked at every step keeps its layer from taking steps together.
    [Test]
    public void Steps_together_have_the_bits_of_steps_one_by_one(
        [ValueSource(nameof(Names))] string name, [Values] bool sequences, [Values] bool backwardPass)
    {
        SequenceBatch whole = Input(Batch);
        SequenceBatch hidden = Input(Batch + 1);
        hidden.Mask = new bool[Steps * (Batch + 1)];
        for (int column = 0; column < hidden.Mask.Length; column++)
        {
            hidden.Mask[column] = column % (Batch + 1) < Batch;
            if (hidden.Mask[column])
            {
                whole.Values.Column((column / (Batch + 1) * Batch) + (column % (Batch + 1)))
                    .ToArray().CopyTo(hidden.Values.Values, column * Features);
            }
        }

        Result together = Run(Layers[name](sequences), whole, backwardPass, Batch);
        Result single = Run(Layers[name](sequences), hidden, backwardPass, Batch);
        Assert.That(together.Output, Is.EqualTo(single.Output));
        Assert.That(together.InputGradient, Is.EqualTo(single.InputGradient));
        Assert.That(together.StateGradients, Is.EqualTo(single.StateGradients));
        for (int i = 0; i < together.Gradients.Length; i++)
        {
            // Their sums have terms of zero more.
            Assert.That(together.Gradients[i], Is.EqualTo(single.Gradients[i]).Within(1e-9), $"parameter {i}");
        }
    }

    [Test]
    public void Holes_in_a_sequence_are_stepped_over([ValueSource(nameof(Names))] string name)
    {
        // What is left is the sequence without the holes.
        SequenceBatch whole = Input(1);
        SequenceBatch holed = Input(1, Steps + 300);
        holed.Mask = new bool[Steps + 300];
        for (int t = 0, kept = 0; t < holed.Mask.Length; t++)
        {
            holed.Mask[t] = t is < 100 or >= 250 and < 600 or >= 740 and < 1100 or >= 1110;
            if (holed.Mask[t] && kept < Steps)
            {
                whole.Values.Column(kept++).ToArray().CopyTo(holed.Values.Values, t * Features);
            }
            else
            {
                holed.Mask[t] = false;
            }
        }

        Result expected = Run(Layers[name](false), whole, true, 1);
        Result actual = Run(Layers[name](false), holed, true, 1);
        Assert.That(actual.Output, Is.EqualTo(expected.Output));
        Assert.That(actual.StateGradients, Is.EqualTo(expected.StateGradients));
    }

    private static Result Run(Layer layer, SequenceBatch input, bool backwardPass, int batch)
    {
        layer.Build(input.SampleShape, seed: 3);
        var pass = (RecurrentPass)layer.CreatePass(
            new(input.SampleShape, input.BatchSize, Differentiable: backwardPass, InputGradient: backwardPass));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        for (int i = 0; i < pass.InitialStates.Count; i++)
        {
            for (int j = 0; j < pass.InitialStates[i].Values.Length; j++)
            {
                pass.InitialStates[i].Values[j] = Math.Sin(i + j);
            }
        }

        int samples = input.BatchSize;
        SequenceBatch output = layer.Forward(pass, input);
        Real[] values = Kept(output.Values);
        if (!backwardPass)
        {
            return new(values, [], [], []);
        }

        var slope = new DenseMatrix(output.Values.RowCount, output.Values.ColumnCount);
        for (int column = 0; column < slope.ColumnCount; column++)
        {
            int sample = column % samples;
            for (int row = 0; row < slope.RowCount && sample < batch; row++)
            {
                slope[row, column] = Math.Cos(((column / samples * batch) + sample) * 3) + row;
            }
        }

        foreach (DenseMatrix state in pass.FinalStateGradients)
        {
            for (int j = 0; j < state.RowCount * batch; j++)
            {
                state.Values[j] = Math.Sin(2 * j);
            }
        }

        foreach (DenseMatrix gradient in pass.Gradients)
        {
            gradient.Clear();
        }

        Real[] inputGradient = Kept(layer.Backward(pass, slope)!);
        return new(
            values,
            inputGradient,
            [.. pass.InitialStateGradients.Select(g => Kept(g))],
            [.. pass.Gradients.Select(g => (Real[])[.. g.Values])]);

        Real[] Kept(DenseMatrix matrix) => [.. matrix.Values.Chunk(matrix.RowCount)
            .Where((_, column) => column % samples < batch).SelectMany(column => column)];
    }

    /// <summary>Runs a layer, over a mask with holes, and a plain loop over its equation.</summary>
    private static void Check(RecurrentLayer layer, int state, Step step)
    {
        SequenceBatch input = Input(Batch);
        input.Mask = [.. Enumerable.Range(0, Steps * Batch).Select(column => column % 97 != 5 && column > 3)];
        layer.Build(input.SampleShape, seed: 5);
        for (int i = 0; i < layer.Parameters.Count; i++)
        {
            Span<Real> values = layer.Parameters[i].Values;
            for (int j = 0; j < values.Length; j++)
            {
                values[j] += 0.1 * Math.Sin(i + j);
            }

            layer.Parameters[i].MarkChanged();
        }

        Pass pass = layer.CreatePass(new(input.SampleShape, Batch, Differentiable: false, InputGradient: false));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        SequenceBatch output = layer.Forward(pass, input);
        for (int b = 0; b < Batch; b++)
        {
            double[] carried = new double[state];
            double[] last = new double[output.Values.RowCount];
            for (int t = 0; t < Steps; t++)
            {
                int column = (t * Batch) + b;
                if (input.Mask[column])
                {
                    last = step(
                        name => [.. layer.Parameters.Single(p => p.Name == name).Values],
                        input.Values.Column(column).ToArray(),
                        carried);
                }

                Assert.That(output.Values.Column(column).ToArray(), Is.EqualTo(last).Within(1e-11), $"sample {b}, step {t}");
            }
        }
    }

    private static double Sum(Func<string, double[]> w, double[] x, int rows, int row)
    {
        double sum = w("bias")[row];
        for (int j = 0; j < x.Length; j++)
        {
            sum += w("kernel")[(j * rows) + row] * x[j];
        }

        return sum;
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static SequenceBatch Input(int batch, int steps = Steps)
    {
        var input = new SequenceBatch((steps, Features), batch);
        for (int i = 0; i < input.Values.Values.Length; i++)
        {
            input.Values.Values[i] = Math.Sin(i * 0.7) * Math.Cos(i * 0.013);
        }

        return input;
    }

    private sealed record Result(Real[] Output, Real[] InputGradient, Real[][] StateGradients, Real[][] Gradients);
}
