using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>Sequences of which every step is masked: they count neither in the loss nor in a metric, nor does anything learn from
/// them.</summary>
[TestFixture]
public sealed class WhollyMaskedTests
{
    private const int Steps = 5;

    [Test]
    public void A_batch_is_as_it_would_be_without_the_sequence([Values] bool bidirectional)
    {
        NDArray x = Inputs(4, masked: 2);
        NDArray y = Targets(4);
        Sequential with = Create(bidirectional);
        Sequential without = Create(bidirectional);
        NDArray kept = Without(x, 2);
        NDArray keptTargets = Without(y, 2);
        IReadOnlyDictionary<string, double> expected = without.Evaluate(kept, keptTargets);
        IReadOnlyDictionary<string, double> found = with.Evaluate(x, y);
        Assert.That(found["loss"], Is.EqualTo(expected["loss"]).Within(1e-7));
        Assert.That(found["mae"], Is.EqualTo(expected["mae"]).Within(1e-7));

        with.Fit(x, y, epochs: 3, batchSize: 4, shuffle: false, verbose: Verbosity.Silent);
        without.Fit(kept, keptTargets, epochs: 3, batchSize: 3, shuffle: false, verbose: Verbosity.Silent);
        foreach ((NDArray one, NDArray other) in with.GetWeights().PairedWith(without.GetWeights()))
        {
            Assert.That(one.Values, Is.EqualTo(other.Values).Within(1e-6));
        }
    }

    [Test]
    public void From_a_batch_that_is_masked_altogether_nothing_is_learned()
    {
        NDArray x = new(3, Steps, 2);
        NDArray y = Targets(3);
        Sequential model = Create(bidirectional: false);
        float[][] before = [.. model.GetWeights().Select(weight => weight.Values)];
        History history = model.Fit(x, y, batchSize: 3, verbose: Verbosity.Silent);
        Assert.That(history["loss"], Is.EqualTo(new[] { 0.0 }));
        Assert.That(history["mae"], Is.EqualTo(new[] { 0.0 }));
        Assert.That(model.GetWeights().Select(weight => weight.Values), Is.EqualTo(before));
    }

    private static Sequential Create(bool bidirectional)
    {
        var gru = new GRU(3, returnSequences: true);
        var model = new Sequential(
            [new Masking(inputShape: (Steps, 2)), bidirectional ? new Bidirectional(gru)
                : gru, new LSTM(3, returnSequences: true), new Dense(1)], seed: 5);
        model.Compile(new SGD(0.1), "mse", ["mae"]);
        return model;
    }

    /// <summary>Random sequences that end in padding, and one that is padding throughout.</summary>
    private static NDArray Inputs(int samples, int masked)
    {
        var x = new NDArray(samples, Steps, 2);
        for (int sample = 0; sample < samples; sample++)
        {
            for (int t = 0; sample != masked && t < Steps - sample; t++)
            {
                x[sample, t, 0] = MathF.Sin((7 * sample) + t + 1);
                x[sample, t, 1] = MathF.Cos((3 * sample) + t);
            }
        }

        return x;
    }

    private static NDArray Targets(int samples) =>
        new([samples, Steps, 1], [.. Enumerable.Range(0, samples * Steps).Select(i => MathF.Sin(i))]);

    private static NDArray Without(NDArray array, int sample)
    {
        int size = array.Size / array.Shape[0];
        return new([array.Shape[0] - 1, .. array.Shape.Skip(1)],
            [.. array.Values.Take(sample * size), .. array.Values.Skip((sample + 1) * size)]);
    }
}
