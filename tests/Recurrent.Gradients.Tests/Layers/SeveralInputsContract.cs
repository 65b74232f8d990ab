using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>What every layer of several inputs must keep to; in float64, so that slopes can be measured.</summary>
/// <typeparam name="TCases">The derived fixture itself.</typeparam>
public abstract class SeveralInputsContract<TCases>
    where TCases : ISeveralInputsCases
{
    protected static IEnumerable<SeveralInputsCase> AllCases => TCases.Cases;

    [TestCaseSource(nameof(AllCases))]
    public void Every_gradient_is_the_measured_slope(SeveralInputsCase layerCase)
    {
        var run = new Run(layerCase);
        run.Forward();
        DenseMatrix?[] inputs = run.Backward();
        Real[][] inputGradients = [.. inputs.Select(gradient => gradient?.Values.ToArray() ?? [])];
        Real[][] gradients = [.. run.Pass.Gradients.Select(gradient => gradient.Values.ToArray())];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (i != layerCase.Pairs)
            {
                Check($"input {i}", inputGradients[i], run.Inputs[i].Values.Values, run.Loss);
            }
        }

        for (int i = 0; i < gradients.Length; i++)
        {
            Parameter parameter = run.Layer.Parameters[i];
            Check(parameter.Name, gradients[i], parameter.Value.Values, () =>
            {
                parameter.MarkChanged();
                return run.Loss();
            });
        }
    }

    [TestCaseSource(nameof(AllCases))]
    public void Gradients_of_inputs_share_no_storage(SeveralInputsCase layerCase)
    {
        var run = new Run(layerCase);
        run.Forward();
        DenseMatrix?[] gradients = run.Backward();
        StorageRule.Require(
            [.. gradients.OfType<DenseMatrix>()],
            run.Given,
            [.. run.Inputs.Select(input => input.Values), .. run.Layer.Parameters.Select(p => p.Value), .. run.Pass.Gradients]);
    }

    [TestCaseSource(nameof(AllCases))]
    public void What_a_pass_kept_from_before_does_not_matter(SeveralInputsCase layerCase)
    {
        var run = new Run(layerCase);
        Real[][] expected = run.Results();
        Assert.That(run.Results(), Is.EqualTo(expected), "twice");
        Assert.That(new Run(layerCase).Results(), Is.EqualTo(expected), "anew");
        var poisoned = new Run(layerCase);
        poisoned.Poison();
        Assert.That(poisoned.Results(), Is.EqualTo(expected), "after NaN everywhere");
    }

    [TestCaseSource(nameof(AllCases))]
    public void Inputs_are_not_written_to(SeveralInputsCase layerCase)
    {
        var run = new Run(layerCase);
        Real[][] before = [.. run.Inputs.Select(input => input.Values.Values.ToArray())];
        run.Results();
        Assert.That(run.Inputs.Select(input => input.Values.Values), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(AllCases))]
    public void A_pass_that_keeps_nothing_gives_the_same_outputs(SeveralInputsCase layerCase)
    {
        var run = new Run(layerCase);
        run.Forward();
        var forwardOnly = new Run(layerCase, differentiable: false);
        forwardOnly.Forward();
        Assert.That(forwardOnly.Outputs.Select(output => output.Values.Values),
            Is.EqualTo(run.Outputs.Select(output => output.Values.Values)));
    }

    [TestCaseSource(nameof(AllCases))]
    public void Without_gradients_of_inputs_those_of_parameters_are_the_same(SeveralInputsCase layerCase)
    {
        var run = new Run(layerCase);
        run.Forward();
        run.Backward();
        var without = new Run(layerCase, inputGradients: false);
        without.Forward();
        Assert.That(without.Backward(), Is.All.Null);
        Assert.That(without.Pass.Gradients.Select(gradient => gradient.Values),
            Is.EqualTo(run.Pass.Gradients.Select(gradient => gradient.Values)));
    }

    [TestCaseSource(nameof(AllCases))]
    public void A_steady_training_step_allocates_nothing(SeveralInputsCase layerCase)
    {
        var run = new Run(layerCase);
        run.Results();
        Assert.That(Allocation.LeastOf(run.Step), Is.Zero);
    }

    [TestCaseSource(nameof(AllCases))]
    public void A_layer_read_from_its_config_is_the_same_layer(SeveralInputsCase layerCase)
    {
        Layer layer = new Run(layerCase).Layer;
        Layer again = LayerNames.Registry.Create(Registration.ComponentConfig.Of(layer));
        Assert.That(ConfigText.Of(again), Is.EqualTo(ConfigText.Of(layer)));
        Assert.That(again, Is.TypeOf(layer.GetType()));
    }

    private static void Check(string what, Real[] gradient, Real[] values, Func<double> loss)
    {
        double[] measured = FivePoint.Gradient(values, loss);
        Assert.That(gradient, Has.Length.EqualTo(measured.Length), what);
        for (int i = 0; i < measured.Length; i++)
        {
            double size = Math.Max(1e-3, Math.Max(Math.Abs(gradient[i]), Math.Abs(measured[i])));
            Assert.That(Math.Abs(gradient[i] - measured[i]) / size, Is.InRange(0.0, 1e-7),
                $"{what}[{i}]: {gradient[i]:R}, measured {measured[i]:R}");
        }
    }

    /// <summary>A built layer with random weights, a pass, random inputs and cotangents; the loss is Σ cotangent ∘
    /// output.</summary>
    private sealed class Run
    {
        private readonly SeveralInputsCase layerCase;
        private readonly DenseMatrix[] cotangents;
        private readonly DenseMatrix[] given;
        private readonly DenseMatrix?[] inputGradients;

        public Run(SeveralInputsCase layerCase, bool differentiable = true, bool inputGradients = true)
        {
            this.layerCase = layerCase;
            Layer = layerCase.Create();
            Layer.Name ??= LayerNames.SnakeCase(Layer.ClassName);
            Layer.Build(layerCase.Samples, seed: 20, source: null);
            ulong index = 10;
            foreach (Parameter parameter in Layer.Parameters)
            {
                LayerRun.FillRandomly(parameter.Values, index++);
                parameter.MarkChanged();
            }

            Inputs = [.. layerCase.Samples.Select(shape => new SequenceBatch(shape, layerCase.Batch))];
            for (int i = 0; i < Inputs.Length; i++)
            {
                LayerRun.FillRandomly(Inputs[i].Values.Values, (ulong)(100 + i));
                Inputs[i].Mask = layerCase.Masks.ElementAtOrDefault(i);
            }

            if (layerCase.Pairs is int pairs)
            {
                Real[] values = Inputs[pairs].Values.Values;
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = i % 3 == 1 ? 0 : 1;
                }
            }

            IReadOnlyList<Shape> outputs = Layer.ComputeOutputShapes(layerCase.Samples);
            Outputs = new SequenceBatch[outputs.Count];
            cotangents = [.. outputs.Select(shape => new SequenceBatch(shape, layerCase.Batch).Values)];
            given = [.. cotangents.Select(matrix => new DenseMatrix(matrix.RowCount, matrix.ColumnCount))];
            for (int i = 0; i < cotangents.Length; i++)
            {
                LayerRun.FillRandomly(cotangents[i].Values, (ulong)(200 + i));
            }

            bool[] wanted = [.. layerCase.Samples.Select((_, i) => differentiable && inputGradients && i != layerCase.Pairs)];
            this.inputGradients = new DenseMatrix?[wanted.Length];
            Pass = Layer.CreatePass(new PassOptions(layerCase.Samples, layerCase.Batch, differentiable, wanted));
        }

        public Layer Layer { get; }

        public Pass Pass { get; }

        public SequenceBatch[] Inputs { get; }

        public SequenceBatch[] Outputs { get; }

        public IReadOnlyList<DenseMatrix> Given => given;

        public void Forward()
        {
            Layer.Prepare();
            Pass.Begin(layerCase.Training, key: 7);
            Layer.Forward(Pass, Inputs, Outputs);
        }

        public DenseMatrix?[] Backward()
        {
            for (int i = 0; i < given.Length; i++)
            {
                cotangents[i].Values.CopyTo(given[i].Values, 0);
            }

            Array.Clear(inputGradients);
            Layer.Backward(Pass, given, inputGradients);
            return inputGradients;
        }

        public void Step()
        {
            Forward();
            Backward();
        }

        public double Loss()
        {
            Forward();
            double loss = 0;
            for (int i = 0; i < Outputs.Length; i++)
            {
                Real[] output = Outputs[i].Values.Values;
                for (int j = 0; j < output.Length; j++)
                {
                    loss += (double)output[j] * cotangents[i].Values[j];
                }
            }

            return loss;
        }

        public Real[][] Results()
        {
            Forward();
            Real[][] outputs = [.. Outputs.Select(output => output.Values.Values.ToArray())];
            Real[][] gradients = [.. Backward().Select(gradient => gradient?.Values.ToArray() ?? [])];
            return [.. outputs, .. gradients, .. Pass.Gradients.Select(gradient => gradient.Values.ToArray())];
        }

        public void Poison()
        {
            Real[][] kept = [.. Inputs.Select(input => input.Values.Values.ToArray())];
            for (int i = 0; i < Inputs.Length; i++)
            {
                // What holds ids holds some in any case.
                Array.Fill(Inputs[i].Values.Values, i == layerCase.Pairs ? 1 : Real.NaN);
            }

            Step();
            for (int i = 0; i < kept.Length; i++)
            {
                kept[i].CopyTo(Inputs[i].Values.Values, 0);
            }
        }
    }
}
