using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Data;

/// <summary>A model does the same with windows that are cut when a batch asks for them as with windows that are written
/// out.</summary>
[TestFixture]
public sealed class LazyArrayTests
{
    private const int Steps = 8;

    [TestCase(true, 0, null)]
    [TestCase(false, 0.25, null)]
    [TestCase(true, 0, 3)]
    public void Training_gives_the_same_bits(bool shuffle, double validationSplit, int? truncatedSteps)
    {
        Windows windows = Wave(truncatedSteps is not null);
        Sequential lazy = Model(truncatedSteps is not null);
        Sequential written = Model(truncatedSteps is not null);
        Fit(lazy, windows.X, windows.Y!);
        Fit(written, windows.X.ToArray(), windows.Y!.ToArray());
        Assert.Multiple(() =>
        {
            Assert.That(
                lazy.GetWeights().SelectMany(weight => weight.Values),
                Is.EqualTo(written.GetWeights().SelectMany(weight => weight.Values)));
            Assert.That(lazy.Predict(windows.X).Values, Is.EqualTo(written.Predict(windows.X.ToArray()).Values));
            Assert.That(
                lazy.Evaluate(windows.X, windows.Y)["loss"],
                Is.EqualTo(written.Evaluate(windows.X.ToArray(), windows.Y.ToArray())["loss"]));
        });

        void Fit(Sequential model, ModelData x, ModelData y) => model.Fit(
            x, y, epochs: 2, batchSize: 16, shuffle: shuffle, validationSplit: validationSplit, verbose: 0,
            truncatedSteps: truncatedSteps);
    }

    [Test]
    public void Weights_may_be_lazy_too()
    {
        Windows windows = Wave(perStep: false);
        var weights = new Lazy(windows.Count, i => i % 3);
        Sequential lazy = Model(perStep: false);
        Sequential written = Model(perStep: false);
        lazy.Fit(windows.X, windows.Y!, sampleWeight: weights, verbose: 0);
        written.Fit(windows.X.ToArray(), windows.Y!.ToArray(), sampleWeight: weights.ToArray(), verbose: 0);
        Assert.That(
            lazy.GetWeights().SelectMany(weight => weight.Values),
            Is.EqualTo(written.GetWeights().SelectMany(weight => weight.Values)));
    }

    [Test]
    public void What_does_not_fit_is_refused_before_any_work()
    {
        Windows windows = Wave(perStep: false);
        Sequential model = Model(perStep: false);
        NDArray[] before = [.. model.GetWeights()];
        Assert.Multiple(() =>
        {
            Assert.That(
                () => model.Fit(windows.X, new Lazy(windows.Count, i => i == 5 ? Real.NaN : 0), verbose: 0),
                Throws.ArgumentException.With.Message.Contains("Sample 5 of y"));
            Assert.That(
                () => model.Fit(windows.X, new Lazy(3, _ => 0), verbose: 0),
                Throws.ArgumentException.With.Message.Contains("Each input needs one target"));
            Assert.That(
                () => model.Fit(new Lazy(windows.Count, _ => 0), windows.Y!, verbose: 0),
                Throws.ArgumentException.With.Message.Contains("expects input of rank 3"));
            Assert.That(
                () => model.Fit(windows.X, windows.Y!, sampleWeight: new Lazy(windows.Count, i => 2 - i), verbose: 0),
                Throws.ArgumentException.With.Message.Contains("negative weight"));
            Assert.That(model.GetWeights().SelectMany(weight => weight.Values), Is.EqualTo(before.SelectMany(w => w.Values)));
        });
    }

    [Test]
    public void Classes_are_weighed_and_checked()
    {
        var x = new Lazy(20, i => i, 3);
        var y = new Lazy(20, i => i % 2);
        Sequential Make()
        {
            var model = new Sequential([new Dense(2, activation: "softmax", inputShape: new(3))], seed: 3);
            model.Compile("sgd", "sparse_categorical_crossentropy");
            return model;
        }

        (Sequential lazy, Sequential written) = (Make(), Make());
        var weights = new Dictionary<int, double> { [1] = 5 };
        lazy.Fit(x, y, classWeight: weights, verbose: 0);
        written.Fit(x.ToArray(), y.ToArray(), classWeight: weights, verbose: 0);
        Assert.Multiple(() =>
        {
            Assert.That(lazy.GetWeights()[0].Values, Is.EqualTo(written.GetWeights()[0].Values));
            Assert.That(
                () => lazy.Fit(x, new Lazy(20, i => i), verbose: 0),
                    Throws.ArgumentException.With.Message.Contains("In sample 2 of y"));
        });
    }

    [Test]
    [NonParallelizable]
    public void A_steady_training_step_allocates_nothing()
    {
        NDArray column = new(1600 + Steps, 1);
        Windows windows = Windows.BeforeTargets(column, column, Steps);
        Sequential model = Model(perStep: false);
        model.MaxDegreeOfParallelism = 2;
        Train(2);

        // What three epochs allocate beyond one, by the 2 · 100 steps between, at the least of several tries.
        double least = Enumerable.Range(0, 5).Min(_ => (Train(3) - Train(1)) / 200.0);
        Assert.That(least, Is.LessThan(64));

        long Train(int epochs)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            model.Fit(windows.X, windows.Y!, epochs: epochs, batchSize: 16, verbose: 0, initialEpoch: 0);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    private static Windows Wave(bool perStep)
    {
        NDArray series = (NDArray)Enumerable.Range(0, 150).Select(t => Math.Sin(t * 0.3)).ToArray();
        NDArray column = series.Reshape(-1, 1);
        if (!perStep)
        {
            return Windows.BeforeTargets(column, column, Steps);
        }

        NDArray pairs = new(150, Steps, 1);
        for (int i = 0; i < pairs.Size; i++)
        {
            pairs.Values[i] = (Real)Math.Cos(i * 0.3);
        }

        return Windows.FromArray(column, pairs, Steps);
    }

    private static Sequential Model(bool perStep)
    {
        var model = new Sequential(
            [new LSTM(4, returnSequences: perStep, inputShape: (timesteps: Steps, features: 1)), new Dense(1)], seed: 7);
        model.Compile("adam", "mse");
        return model;
    }

    private sealed class Lazy(int count, Func<int, double> value, int features = 1) : LazyArray(count, features)
    {
        public override void Read(int sample, Span<Real> values) => values.Fill((Real)value(sample));
    }
}
