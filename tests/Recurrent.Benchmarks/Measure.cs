using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Numerics;

namespace Recurrent.Benchmarks;

/// <summary>What there is to measure of this library.</summary>
internal static class Measure
{
    private const int ProductSize = 1024;

    /// <summary>Arithmetic of the product that the machine's rate is measured by.</summary>
    public const double ProductFlops = 2.0 * ProductSize * ProductSize * ProductSize;

    /// <summary>One epoch of training, one prediction of a full batch, or of one sample.</summary>
    public static Action Run(Workload workload, string mode, int threads)
    {
        Sequential model = workload.CreateModel(threads);
        (NDArray x, NDArray y) = workload.CreateData();
        if (mode == "train")
        {
            return () => model.Fit(x, y, batchSize: workload.BatchSize, verbose: Verbosity.Silent);
        }

        int samples = mode == "predict-one" ? 1 : workload.BatchSize;
        int[] shape = [samples, workload.Steps, workload.Features];
        var input = new NDArray(shape, x.Values.AsSpan(0, samples * workload.Steps * workload.Features).ToArray());
        return () => model.Predict(input, samples);
    }

    /// <summary>One product of 1024 × 1024 matrices, each thread making its share of the columns.</summary>
    public static Action Product(int threads)
    {
        var values = DenseMatrix.Create(ProductSize, ProductSize, (i, j) => (float)Math.Sin(i + (j * 0.7)));
        var packed = new PackedMatrix(ProductSize, ProductSize);
        packed.Pack(values);
        var job = new ProductJob(packed, values, new DenseMatrix(ProductSize, ProductSize), ProductSize / threads);
        return () => Workers.Run(threads, threads, job, static (job, i) => job.Run(i));
    }

    /// <summary>Bytes that a training step allocates in the steady state: what an epoch of twice the steps takes more.</summary>
    public static double BytesPerStep(Workload workload, int threads)
    {
        int batches = (workload.Samples + workload.BatchSize - 1) / workload.BatchSize;
        Workload once = workload with { Samples = batches * workload.BatchSize };
        return (BytesPerEpoch(once with { Samples = 2 * once.Samples }, threads) - BytesPerEpoch(once, threads)) / batches;
    }

    private static double BytesPerEpoch(Workload workload, int threads)
    {
        Sequential model = workload.CreateModel(threads);
        (NDArray x, NDArray y) = workload.CreateData();
        Timing.WarmUp(() => Allocated(1));
        long one = Allocated(1);
        return (Allocated(3) - one) / 2.0;

        long Allocated(int epochs)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            model.Fit(x, y, epochs: epochs, batchSize: workload.BatchSize, verbose: Verbosity.Silent);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    /// <summary>Bytes in use after some calls of <c>Predict</c>, and after so many more.</summary>
    public static (long Before, long After) MemoryOverCalls(Workload workload, int calls)
    {
        Action predict = Run(workload, "predict-one", 1);
        Repeat(predict, 1000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Repeat(predict, calls);
        return (before, GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>Time of an epoch with steps, batch or samples 1, 8 and 64 times as many, for each unit of work relative to the first.</summary>
    public static IEnumerable<string> Linear(int threads, int repeat)
    {
        var small = new Workload("", 64, 8, 4, 1, 16, () => [new Layers.LSTM(32), new Layers.Dense(1)]);
        (string Name, Func<int, Workload> Grown)[] axes =
        [
            ("steps", factor => small with { Steps = small.Steps * factor }),
            ("batch", factor => small with { BatchSize = small.BatchSize * factor, Samples = small.BatchSize * 64 }),
            ("samples", factor => small with { Samples = small.Samples * factor }),
        ];
        foreach ((string name, Func<int, Workload> grown) in axes)
        {
            double first = 0;
            foreach (int factor in (int[])[1, 8, 64])
            {
                Workload workload = grown(factor);
                Action run = Run(workload, "train", threads);
                Timing.WarmUp(run);
                double each = Timing.Of(run, repeat).Median / ((double)workload.Samples * workload.Steps);
                first = first == 0 ? each : first;
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"{name} × {factor}: {1e6 * each:F0} ns a step of a sample, {each / first:F2} of × 1");
            }
        }
    }

    private static void Repeat(Action run, int count)
    {
        for (int i = 0; i < count; i++)
        {
            run();
        }
    }

    private sealed class ProductJob(PackedMatrix a, DenseMatrix b, DenseMatrix c, int columns)
    {
        public void Run(int part) => Numerics.Product.Set(a, new ColumnBlock(b, part * columns, columns), new ColumnBlock(c, part * columns, columns));
    }
}
