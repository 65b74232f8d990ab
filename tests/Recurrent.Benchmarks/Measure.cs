using System.Diagnostics;
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
        Model model = workload.CreateModel(threads);
        if (mode == "train")
        {
            (NDArray[] inputs, NDArray y) = workload.CreateData();
            ModelData data = inputs is [NDArray single] ? single : inputs;
            return () => model.Fit(data, y, batchSize: workload.BatchSize, verbose: Verbosity.Silent);
        }

        int samples = mode == "predict-one" ? 1 : workload.BatchSize;
        (NDArray[] x, _) = (workload with { Size = workload.Size with { Samples = samples } }).CreateData();
        if (x is [NDArray one])
        {
            return () => model.Predict(one, samples);
        }

        InputList list = (ModelData)x;
        return () => model.Predict(list, samples);
    }

    /// <summary>One product of 1024 × 1024 matrices, each thread making its share of the columns.</summary>
    public static Action Product(int threads)
    {
        var values = DenseMatrix.Create(ProductSize, ProductSize, (i, j) => (float)Math.Sin(i + (j * 0.7)));
        var packed = new PackedMatrix(ProductSize, ProductSize);
        packed.Pack(values);
        var job = new ProductJob(packed, values, new DenseMatrix(ProductSize, ProductSize), threads);
        return () => Workers.Run(threads, threads, job, static (job, i) => job.Run(i));
    }

    /// <summary>
    /// What a number of threads gains over one, from runs that take turns: the median of the rounds' ratios, and the ratio of the
    /// best runs of each.
    /// </summary>
    public static (double Median, double Best) Scaling(Workload workload, int threads, int rounds, double seconds)
    {
        Action one = Run(workload, "train", 1);
        Action many = Run(workload, "train", threads);
        Timing.WarmUp(one);
        Timing.WarmUp(many);
        (Timing One, Timing Many)[] times =
            [.. Enumerable.Range(0, rounds).Select(_ => (Timing.Of(one, 1, seconds), Timing.Of(many, 1, seconds)))];
        return (
            Timing.MedianOf(times.Select(time => time.One.Median / time.Many.Median)),
            times.Min(time => time.One.Min) / times.Min(time => time.Many.Min));
    }

    /// <summary>Many products that never leave a core's own caches, on one thread.</summary>
    public static Action SmallProduct()
    {
        var values = DenseMatrix.Create(192, 128, (i, j) => (float)Math.Sin(i + (j * 0.7)));
        var packed = new PackedMatrix(192, 128);
        packed.Pack(values);
        DenseMatrix b = new(128, 16), c = new(192, 16);
        return () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Numerics.Product.Set(packed, b, c);
            }
        };
    }

    /// <summary>
    /// Time and memory of an epoch with steps, batch or samples 1, 8 and 64 times as many: nanoseconds for a step of a sample,
    /// which stay what they are where time grows linearly, and kilobytes that the model holds, which grow with the batch and its
    /// steps alone.
    /// </summary>
    public static IEnumerable<Measurement> Linear(int threads, int repeat)
    {
        var small = new Sizes("", 64, 8, 4, 1, 16);
        (string Name, Func<int, Sizes> Grown)[] axes =
        [
            ("steps", factor => small with { Steps = small.Steps * factor }),
            ("batch", factor => small with { BatchSize = small.BatchSize * factor, Samples = small.BatchSize * 64 }),
            ("samples", factor => small with { Samples = small.Samples * factor }),
        ];
        foreach ((string name, Func<int, Sizes> grown) in axes)
        {
            foreach (int factor in (int[])[1, 8, 64])
            {
                var workload = new Workload(grown(factor), () => [new Layers.LSTM(32), new Layers.Dense(1)]);
                Action run = Run(workload, "train", threads);
                Timing.WarmUp(run);
                double nanoseconds = 1e6 * Timing.Of(run, repeat).Median / ((double)workload.Samples * workload.Steps);
                yield return new(
                    "linear", name, threads,
                    new("factor", factor, "times as many"),
                    new("ns_per_step_of_sample", nanoseconds, "ns a step of a sample"),
                    new("held_kb", Memory.BytesHeld(workload, threads) / 1024.0, "KB held"));
            }
        }
    }

    /// <summary>
    /// What two cores give two copies of a run that share nothing, as a multiple of what one core gives one copy: no way of
    /// cutting one run over the cores can be expected to do better. The median of some rounds.
    /// </summary>
    /// <param name="create">Makes a copy of the run, for one thread.</param>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="seconds">How long each half of a round lasts.</param>
    public static double TwoCopies(Func<Action> create, int rounds, double seconds)
    {
        Action[] copies = [create(), create()];
        foreach (Action copy in copies)
        {
            Timing.WarmUp(copy);
        }

        return Timing.MedianOf([.. Enumerable.Range(0, rounds).Select(
            _ => 1 / Rates(copies[..1], seconds)[0] * Rates(copies, seconds).Sum())]);
    }

    /// <summary>Runs per second of each of some runs at the same time, each on a thread of its own.</summary>
    private static double[] Rates(Action[] runs, double seconds)
    {
        var rates = new double[runs.Length];
        using var start = new Barrier(runs.Length);
        Thread[] threads = [.. runs.Select((run, i) => new Thread(() =>
        {
            start.SignalAndWait();
            var watch = Stopwatch.StartNew();
            int count = 0;
            do
            {
                run();
                count++;
            }
            while (watch.Elapsed.TotalSeconds < seconds);
            rates[i] = count / watch.Elapsed.TotalSeconds;
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return rates;
    }

    private sealed class ProductJob(PackedMatrix a, DenseMatrix b, DenseMatrix c, int parts)
    {
        public void Run(int part)
        {
            int first = Start(part);
            int columns = Start(part + 1) - first;
            Numerics.Product.Set(a, new ColumnBlock(b, first, columns), new ColumnBlock(c, first, columns));
        }

        private int Start(int part) => part * ProductSize / parts;
    }
}
