using System.Diagnostics;
using Recurrent.Callbacks;
using Recurrent.Models;

namespace Recurrent.Benchmarks;

/// <summary>What there is to measure of this library's memory.</summary>
internal static class Memory
{
    /// <summary>Bytes that a run allocates, on all threads.</summary>
    public static long Allocated(Action run)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        run();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    /// <summary>Bytes that a training step allocates in the steady state: what an epoch of twice the steps takes more.</summary>
    public static double BytesPerStep(Workload workload, int threads)
    {
        int batches = (workload.Samples + workload.BatchSize - 1) / workload.BatchSize;
        return (BytesOfEpoch(2 * batches) - BytesOfEpoch(batches)) / batches;

        double BytesOfEpoch(int count) =>
            BytesPerEpoch(workload with { Size = workload.Size with { Samples = count * workload.BatchSize } }, threads);
    }

    /// <summary>
    /// Bytes that a model in training holds: weights, optimizer, and what a batch needs for its way forward and back. Not the
    /// data.
    /// </summary>
    public static long BytesHeld(Workload workload, int threads)
    {
        (NDArray[] x, NDArray y) = workload.CreateData();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Model model = workload.CreateModel(threads);
        model.Fit(x is [NDArray single] ? single : x, y, batchSize: workload.BatchSize, verbose: Verbosity.Silent);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(model);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return held;
    }

    /// <summary>
    /// Bytes in use after some calls of <c>Predict</c>, and after a million more, or as many as a minute has room for.
    /// </summary>
    public static (int Calls, long Before, long After) OverCalls(Workload workload)
    {
        Action predict = Measure.Run(workload, "predict-one", 1);
        Repeat(predict, 1000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int calls = Repeat(predict, 1_000_000);
        return (calls, before, GC.GetTotalMemory(forceFullCollection: true));
    }

    private static double BytesPerEpoch(Workload workload, int threads)
    {
        Model model = workload.CreateModel(threads);
        (NDArray[] arrays, NDArray y) = workload.CreateData();
        ModelData x = arrays is [NDArray single] ? single : arrays;
        Timing.WarmUp(() => Fit(1));
        long one = Allocated(() => Fit(1));
        return (Allocated(() => Fit(3)) - one) / 2.0;

        void Fit(int epochs) => model.Fit(x, y, epochs: epochs, batchSize: workload.BatchSize, verbose: Verbosity.Silent);
    }

    private static int Repeat(Action run, int most)
    {
        var watch = Stopwatch.StartNew();
        int calls = 0;
        while (calls < most && watch.Elapsed < TimeSpan.FromMinutes(1))
        {
            run();
            calls++;
        }

        return calls;
    }
}
