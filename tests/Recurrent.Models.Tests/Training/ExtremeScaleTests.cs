using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Tests.Training;

/// <summary>Normalizations of data of any size: the result is a number, and so is every gradient.</summary>
[TestFixture]
public sealed class ExtremeScaleTests
{
    [Test]
    public void Normalized_outputs_and_gradients_do_not_depend_on_the_size_of_inputs(
        [Values("batch", "layer", "layers", "group", "rms", "unit")] string kind,
        [Values(1e10, 1e20, 1e30, 3e38, 1e-10, 1e-30)] double size)
    {
        if (size < 1 && kind is "rms" or "unit")
        {
            Assert.Ignore("They have an ε.");
        }

        NDArray x = Noise(1, 12, 5, 4);
        NDArray large = new([12, 5, 4], [.. x.Values.Select(value => (float)(value * size))]);
        IReadOnlyList<NDArray> expected = Gradients(kind, x);
        IReadOnlyList<NDArray> found = Gradients(kind, large);
        Assert.Multiple(() =>
        {
            // The kernel behind the normalization sees the same numbers, and that before it is divided by the inputs' length.
            Assert.That(found[^2].Values, Is.EqualTo(expected[^2].Values).Within(1e-5));
            Assert.That(found[0].Values, Is.EqualTo(expected[0].Values).Within(1e-4));
            Assert.That(found.SelectMany(gradient => gradient.Values), Is.All.Matches<float>(float.IsFinite));
        });
    }

    [Test]
    public void Statistics_that_no_float_holds_are_refused_and_others_taken()
    {
        var large = new Normalization();
        Assert.That(() => large.Adapt(Noise(1e25, 20, 3)), Throws.ArgumentException.With.Message.Contains("no float holds"));
        Assert.That(() => large.Adapt(Noise(1e18, 20, 3)), Throws.Nothing);
        NDArray given = Noise(1e18, 20, 3);
        float[] values = large.Call(given).Values;
        Assert.That(values.Max(), Is.InRange(0.5f, 4f));
    }

    private static IReadOnlyList<NDArray> Gradients(string kind, NDArray x)
    {
        Layer norm = kind switch
        {
            "batch" => new BatchNormalization(epsilon: 0),
            "layer" => new LayerNormalization(epsilon: 0),
            "layers" => new LayerNormalization(axis: [1, 2], epsilon: 0),
            "group" => new GroupNormalization(groups: 2, epsilon: 0),
            "rms" => new RMSNormalization(),
            _ => new UnitNormalization(),
        };
        var model = new Sequential(
        [
            new Dense(4, useBias: false, kernelInitializer: "identity", inputShape: (5, 4)), norm, new Flatten(), new Dense(1),
        ], seed: 3);
        model.Compile("sgd", "mse");
        return model.ComputeGradients(x, Noise(1, 12, 1), training: true);
    }

    private static NDArray Noise(double size, params int[] shape)
    {
        var random = new SeededRandom(5);
        int length = shape.Aggregate(1, (product, axis) => product * axis);
        return new(shape, [.. Enumerable.Range(0, length).Select(_ => (float)(size * ((2 * random.NextDouble()) - 1)))]);
    }
}
