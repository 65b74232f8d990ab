using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Training;

namespace Recurrent.Tests.Training;

/// <summary>How sequences of unequal length are put into batches: like with like, in few lengths, in the buffers that are
/// there.</summary>
[TestFixture]
[NonParallelizable]
public sealed class RaggedBatchTests
{
    [Test]
    public void Few_lengths_are_kept_as_they_are()
    {
        var lengths = new PaddedLengths([5, 2, 9, 2, 5]);
        Assert.That(lengths.Choices, Is.EqualTo(new[] { 2, 5, 9 }));
        Assert.That(new[] { 1, 2, 3, 5, 6, 9 }.Select(lengths.RoundUp), Is.EqualTo(new[] { 2, 2, 5, 5, 9, 9 }));
    }

    [Test]
    public void Lengths_are_joined_where_that_pads_least()
    {
        // Joining 10 with 11 adds one step; 3 with 4 would add a hundred.
        int[] lengths = [1, .. Enumerable.Repeat(3, 100), 4, 10, 11, 30, 60];
        Assert.That(new PaddedLengths(lengths).Choices, Is.EqualTo(new[] { 1, 3, 4, 11, 30, 60 }));
    }

    [Test]
    public void Many_lengths_become_six_that_fit_them_all()
    {
        var random = new SeededRandom(1);
        int[] lengths = [.. Enumerable.Range(0, 5000).Select(_ => 1 + random.NextInt(3000))];
        var padded = new PaddedLengths(lengths);
        Assert.That(padded.Choices, Has.Count.EqualTo(6));
        Assert.That(lengths, Is.All.Matches((int length) => padded.RoundUp(length) >= length));
        double share = lengths.Sum(length => (double)length) / lengths.Sum(length => (double)padded.RoundUp(length));
        Assert.That(share, Is.GreaterThan(0.8));
    }

    [Test]
    public void Batches_hold_sequences_of_like_length_and_come_in_another_order_each_time()
    {
        var samples = new RaggedSamples(Items(103), (null, 1));
        int[] first = Arranged(samples, key: 1);
        int[] second = Arranged(samples, key: 2);
        Assert.That(first, Is.EquivalentTo(Enumerable.Range(0, 103)));
        Assert.That(second, Is.EquivalentTo(Enumerable.Range(0, 103)));
        Assert.That(Arranged(samples, key: 1), Is.EqualTo(first));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(Padded(samples, first), Is.Not.EqualTo(Padded(samples, second)), "the order of the batches");
        Assert.That(Padded(samples, first), Is.Not.Ordered);
        int needed = samples.Items.ToArray().Sum(item => item.Shape[0]);
        Assert.That(first.Chunk(10).Zip(Padded(samples, first), (batch, steps) => batch.Length * steps).Sum(),
            Is.LessThan(1.5 * needed));
        Assert.That(Enumerable.Range(0, 8).Select(i => Last(samples, (ulong)i)).Distinct().Count(), Is.GreaterThan(1),
            "which sequences make the small batch");
    }

    [Test]
    public void Without_shuffling_sequences_come_as_given()
    {
        NDArray[] x = Items(6);
        float[] y = [1, -2, 3, -4, 5, -6];
        float[][][] weights = [.. new bool?[] { false, null }.Select(shuffle =>
        {
            Sequential model = Create();
            model.Fit(x, y, batchSize: 1, shuffle: shuffle, verbose: Verbosity.Silent);
            return Weights(model);
        })];
        Sequential oneByOne = Create();
        for (int i = 0; i < x.Length; i++)
        {
            oneByOne.TrainOnBatch([x[i]], new[] { y[i] });
        }

        AssertClose(weights[0], Weights(oneByOne), close: true);
        AssertClose(weights[1], Weights(oneByOne), close: false);
    }

    [Test]
    public void Sequences_of_many_lengths_train_in_the_same_buffers()
    {
        const int Batches = 40;
        Sequential model = Create();
        NDArray[] x = Items(Batches * 8);
        var y = new float[x.Length];
        model.Fit(x, y, epochs: 3, batchSize: 8, verbose: Verbosity.Silent);
        double perStep = (Allocated(model, x, y, 3) - Allocated(model, x, y, 1)) / (2.0 * Batches);
        TestContext.Out.WriteLine($"{perStep} bytes a step");
        Assert.That(perStep, Is.LessThan(4096), "a set of buffers for eight sequences of a hundred steps takes far more");
    }

    private static float[][] Weights(Sequential model) => [.. model.GetWeights().Select(array => array.Values)];

    private static void AssertClose(float[][] actual, float[][] expected, bool close)
    {
        double distance = actual.SelectMany(w => w).Zip(expected.SelectMany(w => w), (a, b) => Math.Abs((double)a - b)).Max();
        Assert.That(double.IsFinite(actual.SelectMany(w => w).Sum(w => (double)w)));
        Assert.That(distance, close ? Is.InRange(0, 1e-6) : Is.GreaterThan(1e-4));
    }

    private static long Allocated(Sequential model, NDArray[] x, float[] y, int epochs)
    {
        long least = long.MaxValue;
        for (int repetition = 0; repetition < 4; repetition++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            model.Fit(x, y, epochs, batchSize: 8, verbose: Verbosity.Silent);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }

    private static Sequential Create()
    {
        var model = new Sequential([new LSTM(8, inputShape: (null, 1)), new Dense(1)]) { MaxDegreeOfParallelism = 2 };
        model.Compile("adam", "mse");
        return model;
    }

    private static NDArray[] Items(int count)
    {
        var random = new SeededRandom(6);
        return [.. Enumerable.Range(0, count).Select(_ => new NDArray(1 + random.NextInt(100), 1))];
    }

    private static int[] Arranged(RaggedSamples samples, ulong key)
    {
        int[] order = [.. Enumerable.Range(0, samples.Count)];
        var random = new SeededRandom(key);
        random.Shuffle<int>(order);
        samples.Arrange(order, 10, random);
        return order;
    }

    private static int[] Padded(RaggedSamples samples, int[] order) =>
        [.. order.Chunk(10).Select(batch => samples.LengthClasses[samples.LengthClassOf(batch)])];

    private static int Last(RaggedSamples samples, ulong key) => Padded(samples, Arranged(samples, key))[^1];
}
