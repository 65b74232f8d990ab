using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Tests.Serialization;

namespace Recurrent.Tests.Training;

/// <summary>Batch normalisation in a model: statistics of the whole batch, however it is cut, that go on after each update and no
/// sooner.</summary>
[TestFixture]
public sealed class BatchNormalizationTests
{
    private const int Samples = 70;

    private static readonly NDArray X = Numbers([Samples, 5, 3], 1);
    private static readonly NDArray Y = Numbers([Samples, 5, 2], 2);

    [Test]
    public void The_bits_are_the_same_on_any_number_of_threads([Values(2, 3, 8)] int threads)
    {
        Sequential one = Model(() => new BatchNormalization());
        Sequential several = Model(() => new BatchNormalization());
        one.MaxDegreeOfParallelism = 1;
        several.MaxDegreeOfParallelism = threads;
        Fit(one);
        Fit(several);
        Assert.That(Weights(several), Is.EqualTo(Weights(one)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_batch_in_shards_gives_what_it_gives_whole(bool first)
    {
        // In a wrapper the statistics cannot be shared, so the batch stays whole; steps are as good as samples to the layer.
        Func<Func<Layer>, Model> build = first ? First : Model;
        Model cut = build(() => new BatchNormalization(momentum: 0.7));
        Model whole = build(() => new TimeDistributed(new BatchNormalization(momentum: 0.7)));
        Assert.That(Flat(cut.ComputeGradients(X, Y, training: true)),
            Is.EqualTo(Flat(whole.ComputeGradients(X, Y, training: true))).Within(4e-6f));
        Fit(cut);
        Fit(whole);
        Assert.That(Weights(cut), Is.EqualTo(Weights(whole)).Within(1e-4f));
    }

    [Test]
    public void The_first_layer_follows_the_whole_batch()
    {
        Model model = First(() => new BatchNormalization());
        model.TrainOnBatch(X, Y);
        double[] mean = new double[3];
        for (int i = 0; i < X.Size; i++)
        {
            mean[i % 3] += X.Values[i] / (Samples * 5.0);
        }

        Assert.That(model.GetWeights()[2].Values, Is.EqualTo(mean.Select(value => (float)(0.01 * value))).Within(1e-6f));
    }

    [Test]
    public void Masked_steps_do_not_count_in_any_shard()
    {
        NDArray padded = new(X.Shape, [.. X.Values]);
        for (int i = 0; i < Samples; i++)
        {
            padded.Values.AsSpan(i * 15, i % 4 * 3).Clear();
        }

        Sequential cut = Masked(() => new BatchNormalization());
        Sequential whole = Masked(() => new Residual(new BatchNormalization()));
        cut.TrainOnBatch(padded, Y);
        whole.TrainOnBatch(padded, Y);
        NDArray[] statistics = [.. cut.GetWeights().Skip(2).Take(2)];
        double[] mean = new double[3];
        int count = 0;
        for (int i = 0; i < Samples; i++)
        {
            for (int t = i % 4; t < 5; t++, count++)
            {
                for (int f = 0; f < 3; f++)
                {
                    mean[f] += padded.Values[(i * 15) + (t * 3) + f];
                }
            }
        }

        Assert.That(statistics[0].Values, Is.EqualTo(mean.Select(sum => (float)(0.01 * sum / count))).Within(1e-6f));
        Assert.That(Flat(statistics), Is.EqualTo(Flat([.. whole.GetWeights().Skip(2).Take(2)])).Within(1e-6f));
    }

    [Test]
    public void Only_an_update_moves_the_statistics()
    {
        Sequential model = Model(() => new BatchNormalization());
        float[] before = Weights(model);
        model.ComputeGradients(X, Y, training: true);
        model.Predict(X);
        model.Evaluate(X, Y);
        Assert.That(Weights(model), Is.EqualTo(before));
        model.TrainOnBatch(X, Y);
        Assert.That(model.GetWeights()[4].Values, Has.None.EqualTo(0f));
    }

    [Test]
    public void Frozen_it_keeps_its_statistics_and_uses_them()
    {
        Sequential model = Model(() => new BatchNormalization(trainable: false));
        float[] before = Flat([.. model.GetWeights().Skip(2).Take(4)]);
        float[] asTraining = Flat(model.ComputeGradients(X, Y, training: true));
        Assert.That(asTraining, Is.EqualTo(Flat(model.ComputeGradients(X, Y))));
        Fit(model);
        Assert.That(Flat([.. model.GetWeights().Skip(2).Take(4)]), Is.EqualTo(before));
    }

    [Test]
    public void A_loaded_model_goes_on_to_the_bit()
    {
        Sequential model = Model(() => new BatchNormalization());
        Fit(model);
        Sequential loaded = Documents.Load(Documents.Text(model));
        Assert.That(Weights(loaded), Is.EqualTo(Weights(model)));
        Assert.That(loaded.Predict(X).Values, Is.EqualTo(model.Predict(X).Values));
        Fit(model);
        Fit(loaded);
        Assert.That(Weights(loaded), Is.EqualTo(Weights(model)));
    }

    [Test]
    public void It_works_step_by_step_in_sessions()
    {
        Sequential model = new([new LSTM(3, returnSequences: true, inputShape: (5, 3)), new BatchNormalization(), new Dense(2)]);
        model.Compile("adam", "mse");
        Fit(model);
        NDArray expected = model.Predict(X);
        Recurrent.Streaming.StreamingSession session = model.OpenSession();
        for (int t = 0; t < 5; t++)
        {
            float[] output = session.Step([.. X.Values.AsSpan(t * 3, 3)]);
            Assert.That(output, Is.EqualTo(expected.Values.AsSpan(t * 2, 2).ToArray()));
        }
    }

    [Test]
    public void A_steady_step_allocates_nothing()
    {
        Sequential model = Model(() => new BatchNormalization());
        model.MaxDegreeOfParallelism = 1;
        Fit(model);
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.Fit(X, Y, epochs: 1, batchSize: Samples, verbose: Verbosity.Silent);
            long one = GC.GetAllocatedBytesForCurrentThread() - before;
            before = GC.GetAllocatedBytesForCurrentThread();
            model.Fit(X, Y, epochs: 6, batchSize: Samples, verbose: Verbosity.Silent);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before - one);
        }

        Assert.That(least, Is.LessThan(5 * 4096), "an epoch's own bookkeeping aside");
    }

    private static Sequential Model(Func<Layer> normalization)
    {
        var model = new Sequential(
            [new Dense(4, "tanh", inputShape: (5, 3)), normalization(), new Dense(3), normalization(), new Dense(2)]);
        model.Compile("adam", "mse");
        return model;
    }

    private static Model First(Func<Layer> normalization)
    {
        var input = new Input((5, 3));
        Symbol hidden = new Dense(4, "tanh").Call(normalization().Call(input));
        var model = new Model(input, new Dense(2).Call(normalization().Call(hidden)));
        model.Compile("adam", "mse");
        return model;
    }

    private static Sequential Masked(Func<Layer> normalization)
    {
        var model = new Sequential([new Masking(inputShape: (5, 3)), normalization(), new Dense(2)]);
        model.Compile("sgd", "mse");
        return model;
    }

    private static void Fit(Model model) => model.Fit(X, Y, epochs: 3, batchSize: 40, verbose: Verbosity.Silent);

    private static float[] Weights(Model model) => Flat(model.GetWeights());

    private static float[] Flat(IReadOnlyList<NDArray> arrays) => [.. arrays.SelectMany(array => array.Values)];

    private static NDArray Numbers(int[] shape, int seed)
    {
        var random = new Recurrent.Random.SeededRandom((ulong)seed);
        return new(shape,
            [.. Enumerable.Range(0, shape.Aggregate(1, (size, axis) => size * axis))
                .Select(_ => (float)random.NextUniform(-1, 2))]);
    }
}
