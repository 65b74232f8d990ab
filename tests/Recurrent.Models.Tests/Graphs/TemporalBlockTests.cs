using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Streaming;

namespace Recurrent.Tests.Graphs;

/// <summary>Temporal convolutional networks: layers that are tested by themselves, put together as they should be.</summary>
[TestFixture]
public sealed class TemporalBlockTests
{
    private const int Steps = 9;

    [Test]
    public void The_equations_are_those_of_the_summary([Values(3, 4)] int features)
    {
        var block = new TemporalBlock(features, 4, 2, 3, dropout: 0.5, activation: "tanh");
        var x = new Input((Steps, features));
        Symbol found = block.GetLayer("second").Call(block.GetLayer("first").Call(x));
        Symbol shortcut = features == 4 ? x.Output : block.GetLayer("shortcut").Call(x);
        var spelledOut = new Model(x, new Activation("tanh").Call(new Add().Call(shortcut, found)));
        NDArray input = Random(2, features);
        Assert.That(new Model(x, block.Call(x)).Predict(input).Values, Is.EqualTo(spelledOut.Predict(input).Values));
        var first = (Conv1D)block.GetLayer("first");
        Assert.That((first.Padding, first.DilationRate, first.KernelSize, first.Filters), Is.EqualTo(("causal", 3, 2, 4)));
    }

    [Test]
    public void It_works_step_by_step_with_the_bits_of_whole_sequences()
    {
        Sequential model = Network();
        NDArray x = Random(2, 3);
        NDArray whole = model.Predict(x);
        StreamingSession session = model.OpenSession(2);
        for (int t = 0; t < Steps; t++)
        {
            NDArray y = session.Step(Step(x, t));
            Assert.That(y.Values, Is.EqualTo(Step(whole, t).Values), $"step {t}");
        }
    }

    [Test]
    public void Each_of_several_sequences_of_unequal_length_is_as_by_itself()
    {
        Sequential model = Network();
        NDArray[] x = [.. Enumerable.Range(1, Steps).Select(steps => Random(1, 3, steps).Reshape(steps, 3))];
        RaggedSequences y = model.Predict(x, batchSize: 4);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.That(y[i].Values, Is.EqualTo(model.Predict(x[i].Reshape(1, i + 1, 3)).Values), $"{i + 1} steps");
        }
    }

    [Test]
    public void It_trains_and_a_file_keeps_it()
    {
        Sequential model = Network();
        model.Compile("adam", "mse");
        NDArray x = Random(16, 3);
        NDArray y = Random(16, 1);
        double first = model.TrainOnBatch(x, y)["loss"];
        model.Fit(x, y, epochs: 30, verbose: Verbosity.Silent);
        Assert.That(model.Evaluate(x, y)["loss"], Is.LessThan(first));
        Model again = Sequential.FromJson(model.ToJson());
        again.SetWeights(model.GetWeights());
        Assert.That(again.Predict(x).Values, Is.EqualTo(model.Predict(x).Values));
    }

    [Test]
    public void Options_that_make_no_sense() => Assert.That(
        () => new TemporalBlock(0, 0, 0, 0, 1.5),
        Throws.ArgumentException.With.Message.EqualTo(
            "TemporalBlock: features must be at least 1, but is 0; filters must be at least 1, but is 0; "
            + "kernelSize must be at least 1, but is 0; dilationRate must be at least 1, but is 0; "
            + "dropout must be at least 0 and at most 1, but is 1.5."));

    private static Sequential Network()
    {
        var model = new Sequential(
        [
            new TemporalBlock(3, 4, 2, name: "block_1"), new TemporalBlock(4, 4, 2, 2, dropout: 0.2, name: "block_2"),
            new Dense(1),
        ]);
        model.Build((null, 3));
        return model;
    }

    private static NDArray Random(int samples, int features, int steps = Steps)
    {
        var random = new SeededRandom((ulong)(samples + features + steps));
        var x = new NDArray(samples, steps, features);
        foreach (ref float value in x.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return x;
    }

    private static NDArray Step(NDArray x, int t)
    {
        var step = new NDArray(x.Shape[0], x.Shape[2]);
        for (int b = 0; b < x.Shape[0]; b++)
        {
            x.Values.AsSpan(((b * x.Shape[1]) + t) * x.Shape[2], x.Shape[2]).CopyTo(step.Values.AsSpan(b * x.Shape[2]));
        }

        return step;
    }
}
