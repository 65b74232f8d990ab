using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Holds the gradients that a layer computes against slopes measured by central differences: what proves a backward pass derived by
/// hand. For small layers: each weight costs four runs of the layer or more.
/// </summary>
/// <remarks>
/// <para>
/// The loss is the sum of the output, and of a recurrent layer's final states, each times a random number. Checked are all
/// parameters, the input and the initial states; recurrent layers once more with a mask that has padding at both ends and a hole.
/// </para>
/// <para>
/// In float32 a measured slope is good to about four digits, so the tolerance is 1e-3 of the largest slope of each array: a missing
/// term, a wrong sign or a wrong factor shows, an error in the fifth digit does not. Where an activation has a kink (relu), a slope
/// measured across it is off; check with a smooth one.
/// </para>
/// </remarks>
/// <example><code>
/// GradientCheck.Run(new RNN(new MyCell(4), returnSequences: true), sample: (timesteps: 5, features: 3)).ThrowIfWrong();
/// </code></example>
public static class GradientCheck
{
    private static readonly bool IsDouble = sizeof(Real) == sizeof(double);

    /// <summary>Checks a layer.</summary>
    /// <param name="layer">The layer. One that is in no model is built with random weights; one that is built is checked at its weights, which stay.</param>
    /// <param name="sample">Shape of a sample; every axis known.</param>
    /// <param name="batch">Number of samples; at least 1. Default 2.</param>
    /// <param name="training">Whether the layer behaves as in training; every run draws the same dropout.</param>
    /// <param name="seed">Seed of inputs, weights and loss.</param>
    /// <returns>How far each gradient is from the measured slopes.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such samples.</exception>
    public static GradientReport Run(Layer layer, Shape sample, int batch = 2, bool training = false, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (layer.InputShape is null)
        {
            layer.Name ??= LayerNames.SnakeCase(layer.ClassName);
            layer.Build(sample, (ulong)seed);
            ulong use = 100;
            foreach (Parameter parameter in layer.Parameters)
            {
                Fill(parameter.Values, seed, use++);
                parameter.MarkChanged();
            }
        }

        List<GradientError> errors = new Trial(layer, sample, batch, training, seed, masked: false).Measure();
        if (layer is RecurrentLayer or Bidirectional && sample[0] > 1)
        {
            errors.AddRange(new Trial(layer, sample, batch, training, seed, masked: true).Measure());
        }

        return new GradientReport(layer.ToString(), IsDouble ? 1e-6 : 1e-3, errors);
    }

    private static void Fill(Span<Real> values, int seed, ulong use)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)(long)seed, use));
        foreach (ref Real value in values)
        {
            value = (Real)random.NextUniform(-1, 1);
        }
    }

    /// <summary>A layer with one input, one pass and one loss.</summary>
    private sealed class Trial
    {
        private readonly Layer layer;
        private readonly bool training;
        private readonly Pass pass;
        private readonly RecurrentPass[] recurrent;
        private readonly SequenceBatch input;
        private readonly DenseMatrix cotangent;
        private readonly DenseMatrix[] finalStates = [];
        private readonly bool masked;

        public Trial(Layer layer, Shape sample, int batch, bool training, int seed, bool masked)
        {
            this.layer = layer;
            this.training = training;
            this.masked = masked;
            pass = layer.CreatePass(new PassOptions(sample, batch, Differentiable: true, InputGradient: true));
            recurrent = pass switch
            {
                RecurrentPass own => [own],
                BidirectionalPass both => [both.Forward, both.Backward],
                _ => [],
            };
            input = new SequenceBatch(sample, batch) { Mask = masked ? Holed(sample, batch) : null };
            Fill(input.Values.Values, seed, 1);
            Shape output = layer.ComputeOutputShape(sample);
            cotangent = new DenseMatrix(output.Features, output.Steps * batch);
            Fill(cotangent.Values, seed, 2);
            ulong use = 3;
            foreach (RecurrentPass own in recurrent)
            {
                foreach (DenseMatrix matrix in own.InitialStates.Concat(own.FinalStateGradients))
                {
                    Fill(matrix.Values, seed, use++);
                }
            }

            finalStates = [.. recurrent.SelectMany(own => own.InitialStates).Select(state => new DenseMatrix(state.RowCount, state.ColumnCount))];
        }

        public List<GradientError> Measure()
        {
            _ = Loss();
            DenseMatrix inputGradient = layer.Backward(pass, new DenseMatrix(cotangent.RowCount, cotangent.ColumnCount, [.. cotangent.Values]))!;
            var checks = new List<(string Name, Real[] Values, Real[] Gradient, Parameter? Parameter)> { ("input", input.Values.Values, [.. inputGradient.Values], null) };
            foreach ((Parameter parameter, (string path, DenseMatrix gradient)) in layer.Parameters.Zip(layer.ParameterPaths.Zip(pass.Gradients)))
            {
                if (!parameter.IsStatistic)
                {
                    checks.Add((path, parameter.Value.Values, [.. gradient.Values], parameter));
                }
            }

            string[] states = layer is IStateful stateful ? [.. stateful.StateNames] : [];
            DenseMatrix[] initial = [.. recurrent.SelectMany(own => own.InitialStates)];
            DenseMatrix[] initialGradients = [.. recurrent.SelectMany(own => own.InitialStateGradients)];
            for (int i = 0; i < initial.Length; i++)
            {
                checks.Add(($"initial state '{states[i]}'", initial[i].Values, [.. initialGradients[i].Values], null));
            }

            return [.. checks.Select(check => Compare(check.Name + (masked ? ", with a mask" : string.Empty), check.Values, check.Gradient, check.Parameter))];
        }

        private GradientError Compare(string name, Real[] values, Real[] gradient, Parameter? parameter)
        {
            double[] slopes = [.. values.Select((_, i) => Slope(values, i, parameter))];
            double scale = Math.Max(1e-2, slopes.Concat(gradient.Select(g => (double)g)).Max(Math.Abs));
            int worst = 0;
            double largest = 0;
            for (int i = 0; i < slopes.Length; i++)
            {
                double error = Math.Abs(gradient[i] - slopes[i]) / scale;
                if (!(error <= largest))
                {
                    (worst, largest) = (i, double.IsNaN(error) ? double.PositiveInfinity : error);
                }
            }

            return new(name, largest, worst, gradient[worst], slopes[worst]);
        }

        /// <summary>The slope of the loss along one number: differences over one and two steps, which cancels errors below the fourth order.</summary>
        private double Slope(Real[] values, int index, Parameter? parameter)
        {
            Real step = (Real)(IsDouble ? 1e-3 : 0.03125);
            Real value = values[index];
            double result = ((8 * (At(1) - At(-1))) - (At(2) - At(-2))) / (12 * (double)step);
            values[index] = value;
            parameter?.MarkChanged();
            return result;

            double At(int steps)
            {
                values[index] = value + (steps * step);
                parameter?.MarkChanged();
                return Loss();
            }
        }

        private double Loss()
        {
            layer.Prepare();
            pass.Begin(training, 7);
            double loss = Product(layer.Forward(pass, input).Values, cotangent);
            int next = 0;
            foreach (RecurrentPass own in recurrent)
            {
                for (int i = 0; i < own.InitialStates.Count; i++)
                {
                    own.FinalState(i).Values.CopyTo(finalStates[next].Values);
                    loss += Product(finalStates[next++], own.FinalStateGradients[i]);
                }
            }

            return loss;
        }

        /// <summary>Sample b has a hole at step 1 + b, the first sample padding in front and the last one behind.</summary>
        private static bool[] Holed(Shape sample, int batch)
        {
            int columns = sample.Steps * batch;
            int steps = sample[0]!.Value;
            int places = columns / (steps * batch);
            var mask = new bool[columns];
            for (int column = 0; column < columns; column++)
            {
                int t = column / (places * batch);
                int b = column % batch;
                mask[column] = t != 1 + (b % steps) && !(b == 0 && t == 0) && !(b == batch - 1 && t == steps - 1);
            }

            return mask;
        }

        private static double Product(DenseMatrix a, DenseMatrix b)
        {
            double sum = 0;
            for (int i = 0; i < a.Values.Length; i++)
            {
                sum += (double)a.Values[i] * b.Values[i];
            }

            return sum;
        }
    }
}
