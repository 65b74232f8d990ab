using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

[TestFixture]
[NonParallelizable]
public sealed class AllocationTests
{
    /// <summary>Bytes that a training step may allocate whatever the size of the data: its share of an epoch's
    /// bookkeeping.</summary>
    private const double PerStep = 256;

    [TestCase(10, 32)]
    [TestCase(200, 32)]
    [TestCase(10, 256)]
    public void A_steady_training_step_allocates_nothing_that_grows_with_batch_or_sequence(int steps, int batchSize)
    {
        const int Batches = 20;
        var model = new Sequential { MaxDegreeOfParallelism = 2 };
        model.Add(new LSTM(8, returnSequences: true, dropout: 0.1, recurrentDropout: 0.1, inputShape: (steps, 2)));
        model.Add(new Dropout(0.2));
        model.Add(new GRU(8, returnSequences: true));
        model.Add(new SimpleRNN(8));
        model.Add(new Dense(1));
        model.Compile("adam", "mse", ["mae"]);
        var x = new NDArray(Batches * batchSize, steps, 2);
        var y = new NDArray(Batches * batchSize, 1);
        model.Fit(x, y, epochs: 2, batchSize: batchSize, verbose: Verbosity.Silent);

        // What two epochs more allocate than one is what the steps of an epoch allocate, and not the call.
        double perStep = (Allocated(model, x, y, batchSize, 3) - Allocated(model, x, y, batchSize, 1)) / (2.0 * Batches);
        TestContext.Out.WriteLine($"{perStep} bytes a step");
        Assert.That(perStep, Is.LessThan(PerStep));
    }

    /// <summary>An epoch of twice as many steps allocates no more than one: what it allocates is its own bookkeeping.</summary>
    [Test]
    public void A_steady_training_step_allocates_nothing_at_all()
    {
        const int Batches = 200;
        var model = new Sequential(
            [new Conv1D(4, 2, padding: "causal", inputShape: (5, 2)), new LSTM(4, recurrentDropout: 0.1), new Dense(1)])
        {
            MaxDegreeOfParallelism = 2,
        };
        model.Compile("adam", "mse", ["mae"]);
        double perStep = (OfEpoch(2 * Batches) - OfEpoch(Batches)) / Batches;
        Assert.That(perStep, Is.LessThan(8));

        double OfEpoch(int batches)
        {
            var x = new NDArray(8 * batches, 5, 2);
            var y = new NDArray(8 * batches, 1);
            model.Fit(x, y, epochs: 2, batchSize: 8, verbose: Verbosity.Silent);
            return (Allocated(model, x, y, 8, 3) - Allocated(model, x, y, 8, 1)) / 2.0;
        }
    }

    [Test]
    public void Predictions_leave_the_memory_flat()
    {
        var model = new Sequential();
        model.Add(new LSTM(4, inputShape: (3, 1)));
        model.Add(new Dense(1));
        var x = new NDArray(1, 3, 1);
        for (int i = 0; i < 1000; i++)
        {
            model.Predict(x);
        }

        // The least growth of several: the test runner keeps things of its own, now and then.
        long least = long.MaxValue;
        for (int repetition = 0; repetition < 4; repetition++)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int i = 0; i < 20_000; i++)
            {
                model.Predict(x);
            }

            least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.That(least, Is.LessThan(100_000));
    }

    /// <summary>What a call of Fit allocates: the least of several, since all threads are counted and the test runner has its
    /// own.</summary>
    private static long Allocated(Sequential model, NDArray x, NDArray y, int batchSize, int epochs)
    {
        long least = long.MaxValue;
        for (int repetition = 0; repetition < 4; repetition++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            model.Fit(x, y, epochs, batchSize, verbose: Verbosity.Silent);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
