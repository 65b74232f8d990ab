using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Tests.Models;

[TestFixture]
public sealed class IdleBufferTests
{
    [Test]
    public void A_small_model_does_not_keep_the_memory_of_one_large_prediction()
    {
        Sequential model = Create();
        model.Predict(Ones(2));
        long before = Held();
        model.Predict(Ones(1500), batchSize: 1500);
        long after = Held();
        Assert.That(after - before, Is.LessThan(BatchRunner.MostIdleBytes), "the buffers alone were several times that");
        Assert.That(model.Predict(Ones(1500), batchSize: 1500).Values[..200], Is.EqualTo(model.Predict(Ones(2)).Values));
    }

    [Test]
    public void Many_batches_of_different_sizes_are_held_up_to_a_bound()
    {
        Sequential model = Create();
        long before = Held();
        for (int size = 100; size < 200; size += 10)
        {
            model.Predict(Ones(size), batchSize: size);
        }

        Assert.That(Held() - before, Is.LessThan(BatchRunner.MostIdleBytes + (8 << 20)));
    }

    [Test]
    public void Buffers_larger_than_the_bound_are_found_again()
    {
        Sequential model = Create();
        NDArray x = Ones(600);
        model.Predict(x, batchSize: 600);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        model.Predict(x, batchSize: 600);
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void The_size_of_buffers_is_what_they_take()
    {
        Sequential model = Create();
        long before = GC.GetAllocatedBytesForCurrentThread();
        ShardedBatch batch = model.Runner.Rent([new Shape(100, 4)], 64, differentiable: true).Batch;
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(batch.Bytes, Is.EqualTo(taken).Within(1).Percent);
        Assert.That(batch.Bytes, Is.GreaterThan(64 * 100 * 128 * sizeof(float)));
    }

    private static Sequential Create() => new([new Input((100, 4)), new LSTM(128, returnSequences: true), new Dense(1)]);

    private static NDArray Ones(int samples)
    {
        var array = new NDArray(samples, 100, 4);
        Array.Fill(array.Values, 1);
        return array;
    }

    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
