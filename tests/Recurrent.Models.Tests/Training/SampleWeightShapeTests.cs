using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Training;

/// <summary>Weights of samples and of steps where an output has more axes than steps and features.</summary>
public sealed class SampleWeightShapeTests
{
    private static readonly NDArray X = Numbers([2, 2, 3, 4]);
    private static readonly NDArray Y = Numbers([2, 2, 3, 1]);
    private static readonly NDArray Weights = new([2, 6], [1, 0, 2, 0.5f, 1, 3, 0, 1, 1, 2, 0.25f, 1]);

    [TestCase(2, 6)]
    [TestCase(2, 6, 1)]
    [TestCase(2, 2, 3)]
    [TestCase(2, 2, 3, 1)]
    public void A_weight_for_each_step_has_the_axes_of_the_steps_or_one_for_all(params int[] shape)
    {
        // Σ wⱼ (pⱼ − yⱼ)² over the number of steps.
        Model model = Model();
        NDArray prediction = model.Predict(X);
        double expected = prediction.Values.Zip(Y.Values, Weights.Values).Sum(
            each => each.Third * Math.Pow(each.First - each.Second, 2)) / 12;
        Assert.That(model.Evaluate(X, Y, sampleWeight: Weights.Reshape(shape))["loss"], Is.EqualTo(expected).Within(1e-6));
    }

    [TestCase(2)]
    [TestCase(2, 1)]
    [TestCase(2, 1, 1)]
    public void A_weight_for_each_sample_may_have_axes_of_length_1(params int[] shape)
    {
        Model model = Model();
        double of = model.Evaluate(X, Y, sampleWeight: new NDArray([2], [0.5f, 2]))["loss"];
        Assert.That(model.Evaluate(X, Y, sampleWeight: new NDArray(shape, [0.5f, 2]))["loss"], Is.EqualTo(of));
    }

    [TestCase("(2, 3, 2)", 2, 3, 2)]
    [TestCase("(2, 2)", 2, 2)]
    [TestCase("(6, 2)", 6, 2)]
    public void Others_are_refused(string said, params int[] shape) => Assert.That(
        () => Model().Evaluate(X, Y, sampleWeight: new NDArray(shape)),
        Throws.ArgumentException.With.Message.EqualTo(
            $"sampleWeight has shape {said}; it must hold one weight for each of the 2 samples, or one for each of their 6 "
            + "steps: (2, 2, 3). (Parameter 'sampleWeight')"));

    private static Model Model()
    {
        var x = new Input((2, 3, 4));
        var model = new Model(x, new Dense(1).Call(x));
        model.Compile("sgd", "mse");
        return model;
    }

    private static NDArray Numbers(int[] shape)
    {
        var numbers = new NDArray(shape);
        for (int i = 0; i < numbers.Size; i++)
        {
            numbers.Values[i] = MathF.Sin(1 + (1.7f * i));
        }

        return numbers;
    }
}
