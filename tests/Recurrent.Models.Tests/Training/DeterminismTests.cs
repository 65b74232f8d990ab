using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Tests.Models;

[TestFixture]
public sealed class DeterminismTests
{
    private const int Samples = 70;
    private const int Steps = 6;

    [TestCase(2)]
    [TestCase(8)]
    public void Fit_gives_the_same_bits_on_any_number_of_threads(int threads)
    {
        Sequential one = Create(1);
        Sequential many = Create(threads);
        History expected = Train(one);
        History history = Train(many);
        Assert.That(Weights(many), Is.EqualTo(Weights(one)));
        Assert.That(history.Metrics, Is.EqualTo(expected.Metrics));
    }

    [TestCase(2)]
    [TestCase(8)]
    public void Predict_gives_the_same_bits_on_any_number_of_threads(int threads)
    {
        (NDArray x, _) = Data();
        Assert.That(Create(threads).Predict(x).Values, Is.EqualTo(Create(1).Predict(x).Values));
    }

    [Test]
    public void Predict_gives_the_same_bits_for_any_batch_size_and_sample_by_sample()
    {
        (NDArray x, _) = Data();
        Sequential model = Create(2);
        float[] expected = model.Predict(x).Values;
        Assert.That(model.Predict(x, batchSize: 1).Values, Is.EqualTo(expected));
        Assert.That(model.Predict(x, batchSize: 7).Values, Is.EqualTo(expected));
        Assert.That(Enumerable.Range(0, Samples).SelectMany(i => model.Predict(x.Slice(i, 1)).Values), Is.EqualTo(expected));
    }

    [TestCase(2)]
    [TestCase(5)]
    public void A_single_sequence_whose_products_threads_share_gives_the_same_bits(int threads)
    {
        (Sequential one, NDArray x) = Wide(1);
        (Sequential many, _) = Wide(threads);
        Assert.That(many.Predict(x).Values, Is.EqualTo(one.Predict(x).Values));
    }

    [Test]
    public void Callers_whose_products_are_shared_do_not_disturb_one_another()
    {
        (Sequential model, NDArray x) = Wide(3);
        float[] expected = model.Predict(x).Values;
        var failures = new int[4];
        Thread[] callers = [.. Enumerable.Range(0, failures.Length).Select(i => new Thread(() =>
        {
            for (int repetition = 0; repetition < 20; repetition++)
            {
                failures[i] += model.Predict(x).Values.AsSpan().SequenceEqual(expected) ? 0 : 1;
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.That(failures, Is.All.Zero);
    }

    [Test]
    public void Two_runs_with_one_seed_give_the_same_bits_and_another_seed_gives_others()
    {
        Sequential first = Create(2);
        Sequential second = Create(2);
        Sequential other = Create(2, seed: 8);
        Assert.That(Weights(second), Is.EqualTo(Weights(first)));
        Assert.That(Weights(other), Is.Not.EqualTo(Weights(first)));
        Train(first);
        Train(second);
        Assert.That(Weights(second), Is.EqualTo(Weights(first)));
    }

    [Test]
    public void Two_calls_of_Fit_take_the_steps_of_one()
    {
        Sequential once = Create(2);
        Sequential twice = Create(2);
        Train(once, epochs: 4);
        Train(twice, epochs: 1);
        Train(twice, epochs: 3);
        Assert.That(Weights(twice), Is.EqualTo(Weights(once)));
    }

    [Test]
    public void Eight_threads_predict_with_one_model_as_one_thread_does()
    {
        (NDArray x, _) = Data();
        Sequential model = Create(2);
        NDArray[] slices = [.. Enumerable.Range(0, 8).Select(i => x.Slice(i * 8, 8))];
        float[][] expected = [.. slices.Select(slice => Create(1).Predict(slice).Values)];
        var failures = new int[8];
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            for (int repetition = 0; repetition < 50; repetition++)
            {
                failures[i] += model.Predict(slices[i]).Values.AsSpan().SequenceEqual(expected[i]) ? 0 : 1;
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.That(failures, Is.All.Zero);
    }

    [Test]
    public void Dropout_and_shuffling_change_from_epoch_to_epoch()
    {
        Sequential model = Create(1);
        model.Compile(new SGD(1e-30), "mse");
        History history = Train(model, epochs: 3);
        Assert.That(history["loss"].Distinct().Count(), Is.EqualTo(3), "the weights stand still, so only the draws can differ");
    }

    [TestCase(1, 4, 4)]
    [TestCase(2, 4, 2)]
    [TestCase(3, 4, 1)]
    [TestCase(1, 1, 1)]
    public void Threads_that_no_sample_needs_are_the_cell_s(int samples, int threads, int expected)
    {
        var cell = new ThreadCountingCell();
        var inside = new ThreadCountingCell();
        var model =
            new Sequential([new RNN(cell, returnSequences: true, inputShape: (2, 1)),
                new Residual(new RNN(new ZoneoutCell(inside), returnSequences: true))])
            {
                MaxDegreeOfParallelism = threads,
            };
        model.Predict(new NDArray(samples, 2, 1), batchSize: samples);
        Assert.That(cell.Threads, Is.EqualTo(expected));
        Assert.That(inside.Threads, Is.EqualTo(expected));
        model.Compile("sgd", "mse");
        model.Fit(new NDArray(samples, 2, 1), new NDArray(samples, 2, 1), batchSize: samples, verbose: Verbosity.Silent);
        Assert.That(cell.Threads, Is.EqualTo(1), "training is cut by samples alone");
    }

    [Test]
    public void A_prediction_that_was_refused_does_not_stand_in_the_way_of_sharing()
    {
        var cell = new ThreadCountingCell();
        var model = new Sequential([new Dense(70_000, inputShape: (null, 1)), new RNN(cell)]) { MaxDegreeOfParallelism = 4 };
        Assert.That(() => model.Predict(new NDArray(1, 40_000, 1)),
            Throws.ArgumentException.With.Message.StartsWith("Dense 'dense' needs a matrix of"));
        model.Predict(new NDArray(1, 2, 1));
        Assert.That(cell.Threads, Is.EqualTo(4));
    }

    /// <summary>A model whose steps are large enough to share, and one sequence for it.</summary>
    private static (Sequential Model, NDArray X) Wide(int threads)
    {
        var model = new Sequential(seed: 5) { MaxDegreeOfParallelism = threads };
        model.Add(new Bidirectional(new LSTM(256, returnSequences: true), inputShape: (12, 40)));
        model.Add(new GRU(300, resetAfter: false));
        model.Add(new Dense(3));
        var x = new NDArray(1, 12, 40);
        var random = new SeededRandom(4);
        foreach (ref float value in x.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return (model, x);
    }

    private static Sequential Create(int threads, int seed = 7)
    {
        var model = new Sequential(seed: seed) { MaxDegreeOfParallelism = threads };
        model.Add(new LSTM(9, returnSequences: true, dropout: 0.1, recurrentDropout: 0.1, inputShape: (Steps, 2)));
        model.Add(new Dropout(0.2));
        model.Add(new GRU(5));
        model.Add(new Dense(1, kernelRegularizer: "l2"));
        model.Compile("adam", "mse", ["mae"]);
        return model;
    }

    private static History Train(Sequential model, int epochs = 3)
    {
        (NDArray x, NDArray y) = Data();
        return model.Fit(x, y, epochs, batchSize: 48, validationSplit: 0.1, verbose: Verbosity.Silent);
    }

    private static (NDArray X, NDArray Y) Data()
    {
        var random = new SeededRandom(3);
        var x = new NDArray(Samples, Steps, 2);
        var y = new NDArray(Samples, 1);
        foreach (ref float value in x.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        for (int i = 0; i < Samples; i++)
        {
            y[i, 0] = x[i, 0, 0] - x[i, Steps - 1, 1];
        }

        return (x, y);
    }

    private static float[] Weights(Sequential model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];

    /// <summary>A cell that only notes how many threads its last pass might use.</summary>
    private sealed class ThreadCountingCell() : GatedCell(1, 1)
    {
        public int Threads { get; private set; }

        public override string ClassName => "ThreadCountingCell";

        public override void Forward(CellPass pass, int t) => Threads = pass.Threads;

        public override void Backward(CellPass pass, int t)
        {
        }
    }
}
