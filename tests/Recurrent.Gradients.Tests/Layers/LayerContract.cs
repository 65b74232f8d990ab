using Recurrent.Layers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>
/// What every layer must keep to, on each case that the derived fixture lists. It runs in float64, so that slopes can be
/// measured.
/// </summary>
/// <typeparam name="TCases">The derived fixture itself.</typeparam>
public abstract class LayerContract<TCases>
    where TCases : ILayerCases
{
    /// <summary>How far a gradient may be off, relative to its size.</summary>
    private const double Tolerance = 1e-7;

    /// <summary>Gradients below this count as of this size: the measured slopes carry a rounding error.</summary>
    private const double Floor = 1e-3;

    protected static IEnumerable<LayerCase> AllCases => TCases.Cases;

    [TestCaseSource(nameof(AllCases))]
    public void The_output_has_the_inferred_shape(LayerCase layerCase)
    {
        Shape inferred = layerCase.Create().ComputeOutputShape(layerCase.Sample);
        var run = new LayerRun(layerCase);
        SequenceBatch output = run.Forward();
        Assert.That(run.Layer.OutputShape, Is.EqualTo(inferred));
        Assert.That(output.SampleShape, Is.EqualTo(inferred));
        Assert.That(output.BatchSize, Is.EqualTo(layerCase.Batch));
        Assert.That(output.Values.RowCount, Is.EqualTo(inferred.Features));
        Assert.That(output.Values.ColumnCount, Is.EqualTo(inferred.Steps * layerCase.Batch));
        Assert.That(output.Mask, Is.Null.Or.Length.EqualTo(output.Values.ColumnCount));
    }

    [TestCaseSource(nameof(AllCases))]
    public void An_unknown_number_of_steps_stays_unknown(LayerCase layerCase)
    {
        Assume.That((layerCase.Sample.Rank >= 2 || layerCase.Create().ReadsTokens) && layerCase.FirstAxisMayBeUnknown);
        Shape inferred = layerCase.Create().ComputeOutputShape(new([null, .. layerCase.Sample.Axes.Skip(1)]));
        Assert.That(inferred.Accepts(layerCase.Create().ComputeOutputShape(layerCase.Sample)));
    }

    [TestCaseSource(nameof(AllCases))]
    public void It_has_as_many_weights_as_expected(LayerCase layerCase)
    {
        Layer layer = LayerRun.Build(layerCase);
        Assert.That(layer.Parameters.Sum(p => p.Values.Length), Is.EqualTo(layerCase.Weights));
        Assert.That(layer.Parameters.Sum(p => p.Shape.Aggregate(1, (size, axis) => size * axis)), Is.EqualTo(layerCase.Weights));
        Assert.That(layer.ParameterPaths.Count(), Is.EqualTo(layer.Parameters.Count));
        Assert.That(layer.ParameterPaths, Is.Unique);
    }

    [TestCaseSource(nameof(AllCases))]
    public void A_layer_read_from_its_config_is_the_same_layer(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        Layer again = LayerNames.Registry.Create(ComponentConfig.Of(run.Layer));
        Assert.That(ConfigText.Of(again), Is.EqualTo(ConfigText.Of(run.Layer)));
        Assert.That(again, Is.TypeOf(run.Layer.GetType()));
        Assert.That(again.Name, Is.EqualTo(run.Layer.Name));

        again.Build(layerCase.Sample, seed: 20);
        foreach ((Parameter from, Parameter to) in run.Layer.Parameters.Zip(again.Parameters))
        {
            from.Values.CopyTo(to.Values);
            to.MarkChanged();
        }

        AssertSameBits(new LayerRun(layerCase, again).Results(), run.Results());
    }

    [TestCaseSource(nameof(AllCases))]
    public void The_gradient_of_every_parameter_is_the_measured_slope(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        run.Forward();
        run.Backward();
        Real[][] gradients = [.. run.Pass.Gradients.Select(g => g.Values.ToArray())];
        Assert.That(gradients, Has.Length.EqualTo(run.Layer.Parameters.Count));
        for (int i = 0; i < gradients.Length; i++)
        {
            Parameter parameter = run.Layer.Parameters[i];
            if (!parameter.IsStatistic)
            {
                AssertSlopes(gradients[i], parameter.Value.Values, () => Loss(run, parameter), parameter.Name);
                parameter.MarkChanged();
            }
        }
    }

    [TestCaseSource(nameof(AllCases))]
    public void The_gradient_of_the_input_is_the_measured_slope(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        run.Forward();
        Real[] gradient = [.. run.Backward()!.Values];
        if (run.Layer.ReadsTokens)
        {
            // Between two ids there is nothing to measure.
            Assert.That(gradient, Is.All.Zero);
            return;
        }

        int features = layerCase.Sample.Features;
        AssertSlopes(gradient, run.Input.Values.Values, run.Loss, "input", i => layerCase.JumpsAt(i / features));
    }

    [TestCaseSource(nameof(AllCases))]
    public void The_gradient_of_whatever_else_there_is_is_the_measured_slope(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        run.Forward();
        run.Backward();
        Real[][] gradients = [.. run.Leaves.Select(leaf => leaf.Gradient().ToArray())];
        for (int i = 0; i < gradients.Length; i++)
        {
            AssertSlopes(gradients[i], run.Leaves[i].Values, run.Loss, run.Leaves[i].Name);
        }
    }

    [TestCaseSource(nameof(AllCases))]
    public void Every_parameter_has_a_gradient_that_is_not_zero(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        run.Forward();
        run.Backward();
        foreach ((Parameter parameter, DenseMatrix gradient) in run.Layer.Parameters.Zip(run.Pass.Gradients))
        {
            Assert.That(parameter.IsStatistic || gradient.Values.Any(slope => slope != 0), parameter.Name);
        }
    }

    [TestCaseSource(nameof(AllCases))]
    public void Gradients_of_parameters_add_up(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        run.Forward();
        run.Backward();
        double[][] once = [.. run.Pass.Gradients.Select(g => g.Values.Select(v => (double)v).ToArray())];
        run.Layer.Forward(run.Pass, run.Input);
        run.Backward();
        for (int i = 0; i < once.Length; i++)
        {
            AssertClose(run.Pass.Gradients[i].Values, [.. once[i].Select(v => 2 * v)], run.Layer.Parameters[i].Name);
        }
    }

    [TestCaseSource(nameof(AllCases))]
    public void What_a_pass_kept_from_before_does_not_matter(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        IReadOnlyList<Real[]> expected = run.Results();
        var poisoned = new LayerRun(layerCase, run.Layer);
        poisoned.Poison();
        AssertSameBits(poisoned.Results(), expected);
    }

    [TestCaseSource(nameof(AllCases))]
    public void No_state_is_a_state_of_zero(LayerCase layerCase)
    {
        LayerCase fromZero = layerCase with { Leaves = _ => [] };
        var run = new LayerRun(fromZero);
        Assume.That(run.Layer is IHasStates { StateSizes.Count: > 0 });
        var given = new LayerRun(fromZero, run.Layer)
        {
            GivenStates = [.. ((IHasStates)run.Layer).StateSizes.Select(size => new DenseMatrix(size, layerCase.Batch))],
        };
        AssertSameBits(given.Results(), run.Results());
    }

    [TestCaseSource(nameof(AllCases))]
    public void Running_twice_gives_the_same_bits(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        IReadOnlyList<Real[]> expected = run.Results();
        AssertSameBits(run.Results(), expected);
        AssertSameBits(new LayerRun(layerCase).Results(), expected);
    }

    [TestCaseSource(nameof(AllCases))]
    public void Several_threads_give_the_same_bits_as_one(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        IReadOnlyList<Real[]> expected = run.Results();
        foreach (Parameter parameter in run.Layer.Parameters)
        {
            parameter.MarkChanged();
        }

        var results = new IReadOnlyList<Real[]>[8];
        Parallel.For(0, results.Length, i => results[i] = new LayerRun(layerCase, run.Layer).Results());
        foreach (IReadOnlyList<Real[]> result in results)
        {
            AssertSameBits(result, expected);
        }
    }

    [TestCaseSource(nameof(AllCases))]
    public void The_input_is_not_written_to(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        Real[] before = [.. run.Input.Values.Values];
        bool[]? mask = run.Input.Mask?.ToArray();
        run.Results();
        Assert.That(run.Input.Values.Values, Is.EqualTo(before));
        Assert.That(run.Input.Mask, Is.EqualTo(mask));
    }

    [TestCaseSource(nameof(AllCases))]
    public void Gradients_of_inputs_share_no_storage(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        StorageRule.Require(run.Layer, layerCase.Training, run.Input);

        // And those of the states that other layers may give it.
        IEnumerable<Shape> states = run.Layer switch
        {
            RecurrentLayer { Stateful: false } layer => layer.StateShapes(layerCase.Sample),
            Bidirectional { Stateful: false } layer =>
                layer.ForwardLayer.StateShapes(layerCase.Sample).Concat(layer.BackwardLayer.StateShapes(layerCase.Sample)),
            _ => [],
        };
        SequenceBatch[] given = [.. states.Select(state => new SequenceBatch(state, layerCase.Batch))];
        if (given.Length > 0)
        {
            StorageRule.Require(run.Layer, layerCase.Training, [run.Input, .. given]);
        }
    }

    [TestCaseSource(nameof(AllCases))]
    public void A_pass_that_keeps_nothing_gives_the_same_output(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        var forwardOnly = new LayerRun(layerCase, run.Layer, differentiable: false, inputGradient: false);
        Assert.That(forwardOnly.Forward().Values.Values, Is.EqualTo(run.Forward().Values.Values));
    }

    [TestCaseSource(nameof(AllCases))]
    public void Without_the_gradient_of_the_input_the_others_are_the_same(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        IReadOnlyList<Real[]> expected = run.Results();
        var without = new LayerRun(layerCase, run.Layer, inputGradient: false);
        without.Forward();
        Assert.That(without.Backward(), Is.Null);
        AssertSameBits([.. without.Pass.Gradients.Select(g => g.Values)],
            [.. expected.Skip(3).Take(without.Pass.Gradients.Count)]);
    }

    [TestCaseSource(nameof(AllCases))]
    public void A_steady_training_step_allocates_nothing(LayerCase layerCase)
    {
        var run = new LayerRun(layerCase);
        long least = Allocation.LeastOf(() =>
        {
            run.Forward();
            run.Layer.Backward(run.Pass, run.Cotangent);
        });
        Assert.That(least, Is.Zero);
    }

    [TestCaseSource(nameof(AllCases))]
    public void A_sample_does_not_see_its_neighbours(LayerCase layerCase)
    {
        Assume.That(layerCase.SamplesAreIndependent && layerCase.Batch > 1);
        var run = new LayerRun(layerCase);
        SequenceBatch output = run.Forward();
        Real[] before = [.. output.Values.Values];
        for (int step = 0; step < run.Input.Steps; step++)
        {
            run.Input.Step(step).Column(0).Fill(run.Layer.ReadsTokens ? 0 : 0.25);
        }

        ColumnBlock after = run.Forward().Values;
        for (int column = 0; column < after.ColumnCount; column++)
        {
            if (column % layerCase.Batch != 0)
            {
                Assert.That(after.Column(column).ToArray(), Is.EqualTo(before.AsSpan(column * after.Rows, after.Rows).ToArray()));
            }
        }
    }

    /// <summary>Requires a gradient to be the slope of the loss along each of some numbers.</summary>
    /// <remarks>
    /// Some activations have a derivative with a kink, softsign at 0 for one. Where a kink lies within two steps of a number, the
    /// measured slope is off; so what disagrees is measured again with a step so small that it steps over no kink.
    /// </remarks>
    protected static void AssertSlopes(Real[] gradient, Real[] values, Func<double> loss, string what,
        Func<int, bool>? except = null)
    {
        double[] measured = FivePoint.Gradient(values, loss);
        for (int i = 0; i < measured.Length; i++)
        {
            if (except?.Invoke(i) == true)
            {
                measured[i] = gradient[i];
            }
            else if (!(Distance(gradient[i], measured[i]) < Tolerance))
            {
                measured[i] = FivePoint.Derivative(displacement => Moved(values, i, displacement, loss), step: 1e-5);
            }
        }

        AssertClose(gradient, measured, what);
    }

    /// <summary>Requires a gradient to be the expected one.</summary>
    protected static void AssertClose(IReadOnlyList<Real> gradient, IReadOnlyList<double> expected, string what)
    {
        Assert.That(gradient, Has.Count.EqualTo(expected.Count), what);
        for (int i = 0; i < expected.Count; i++)
        {
            // Not LessThan, for which NaN is less than everything.
            Assert.That(
                Distance(gradient[i], expected[i]), Is.InRange(0.0, Tolerance),
                    $"{what}[{i}]: {gradient[i]:R}, expected {expected[i]:R}");
        }
    }

    /// <summary>Requires results to be equal bit by bit.</summary>
    protected static void AssertSameBits(IReadOnlyList<Real[]> actual, IReadOnlyList<Real[]> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.That(actual[i].Select(BitConverter.DoubleToInt64Bits),
                Is.EqualTo(expected[i].Select(BitConverter.DoubleToInt64Bits)), $"result {i}");
        }
    }

    private static double Distance(double a, double b) => Math.Abs(a - b) / Math.Max(Floor, Math.Max(Math.Abs(a), Math.Abs(b)));

    private static double Moved(Real[] values, int index, double displacement, Func<double> loss)
    {
        Real value = values[index];
        values[index] = value + displacement;
        double result = loss();
        values[index] = value;
        return result;
    }

    private static double Loss(LayerRun run, Parameter parameter)
    {
        parameter.MarkChanged();
        return run.Loss();
    }
}
