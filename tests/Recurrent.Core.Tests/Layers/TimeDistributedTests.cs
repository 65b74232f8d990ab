using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class TimeDistributedTests
{
    private static IEnumerable<TestCaseData> Layers =>
    [
        new TestCaseData((Func<Layer>)(() => new Dense(4, "tanh", kernelInitializer: "ones")), new[] { 3, 5, 2 }),
        new TestCaseData((Func<Layer>)(() => new Dense(4, "tanh", kernelInitializer: "ones")), new[] { 3, 5, 2, 2 }),
        new TestCaseData((Func<Layer>)(() => new Flatten()), new[] { 3, 5, 4, 2 }),
        new TestCaseData((Func<Layer>)(() => new RepeatVector(3)), new[] { 3, 5, 2 }),
        new TestCaseData((Func<Layer>)(() => new Masking()), new[] { 3, 5, 4, 2 }),
    ];

    [TestCaseSource(nameof(Layers))]
    public void Every_step_is_what_the_layer_makes_of_it(Func<Layer> create, int[] shape)
    {
        NDArray input = Ramp(shape);
        NDArray output = Run(new TimeDistributed(create()), input);
        int[] stepShape = [shape[0], .. shape.Skip(2)];
        for (int step = 0; step < shape[1]; step++)
        {
            NDArray expected = Run(create(), Step(input, step, stepShape));
            Assert.That(Step(output, step, [.. expected.Shape]).Values, Is.EqualTo(expected.Values), $"step {step}");
        }
    }

    [Test]
    public void A_wrapped_layer_that_is_frozen_stays_so()
    {
        var dense = new Dense(4, kernelInitializer: "ones", trainable: false);
        var layer = new TimeDistributed(dense);
        layer.Build((5, 3), seed: 1);
        Assert.That(layer.Parameters, Has.All.Property(nameof(Parameter.Trainable)).False);
        layer.Trainable = true;
        Assert.That(dense.Trainable);
        Assert.That(layer.Parameters, Has.All.Property(nameof(Parameter.Trainable)).True);
    }

    [Test]
    public void A_frozen_wrapper_freezes_the_wrapped_layer()
    {
        var dense = new Dense(4, kernelInitializer: "ones");
        new TimeDistributed(dense, trainable: false).Build((5, 3), seed: 1);
        Assert.That(dense.Parameters, Has.All.Property(nameof(Parameter.Trainable)).False);
    }

    [Test]
    public void The_mask_is_passed_on_where_its_axis_stays()
    {
        bool[] mask = [.. Enumerable.Range(0, 2 * 3 * 2).Select(column => column % 3 != 0)];
        Assert.That(MaskAfter(new Dense(4, kernelInitializer: "ones"), mask), Is.EqualTo(mask));
        Assert.That(MaskAfter(new Flatten(), mask), Is.Null);
    }

    private static bool[]? MaskAfter(Layer inner, bool[] mask)
    {
        var layer = new TimeDistributed(inner);
        SequenceBatch input = Batches.Of(Ramp([2, 3, 2, 4]));
        input.Mask = mask;
        return Forward(layer, input).Mask;
    }

    private static NDArray Run(Layer layer, NDArray input) => Forward(layer, Batches.Of(input)).ToArray();

    private static SequenceBatch Forward(Layer layer, SequenceBatch input)
    {
        layer.Build(input.SampleShape, seed: 1);
        Pass pass = layer.CreatePass(new(input.SampleShape, input.BatchSize, Differentiable: false, InputGradient: false));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        return layer.Forward(pass, input);
    }

    private static NDArray Ramp(int[] shape)
    {
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (i % 17) / (Real)8 - 1;
        }

        return array;
    }

    /// <summary>What all samples hold at one step.</summary>
    private static NDArray Step(NDArray array, int step, int[] stepShape)
    {
        var result = new NDArray(stepShape);
        int size = result.Size / stepShape[0];
        for (int sample = 0; sample < stepShape[0]; sample++)
        {
            array.Values.AsSpan(((sample * array.Shape[1]) + step) * size, size).CopyTo(result.Values.AsSpan(sample * size));
        }

        return result;
    }
}
