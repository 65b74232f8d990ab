namespace Recurrent.Benchmarks;

/// <summary>Something that <c>--mode</c> can ask for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HasWorkloads">Whether it measures the workloads, any of them; otherwise it brings its own work.</param>
/// <param name="Measure">Measures.</param>
internal sealed record Mode(string Name, bool HasWorkloads, Func<Options, IEnumerable<Measurement>> Measure);

/// <summary>The modes, and each one's measurement of a single workload.</summary>
internal static class Modes
{
    public static IReadOnlyList<Mode> All { get; } =
    [
        new("train", true, options => Times(options, "train")),
        new("predict", true, options => Times(options, "predict")),
        new("predict-one", true, options => Times(options, "predict-one")),
        new("streaming", false, _ =>
            [.. StreamingBenchmark.Units.Select(StreamingBenchmark.Measure), StreamingBenchmark.Attention()]),
        new("detector", false, _ => DetectorBenchmark.Scorers.Select(s => DetectorBenchmark.Measure(s.Key, s.Value))),
        new("decode", false, options =>
            [
                .. Threads(options).SelectMany(threads => ((string[])["G1", "B1"])
                    .Select(name => DecodingBenchmark.Measure(name, threads, options.Repeat))),
                DecodingBenchmark.Generation(),
            ]),
        new("search", false, _ => [SearchBenchmark.Measure(epochs: 4), SearchBenchmark.Measure(epochs: 30)]),
        new("scaling", true, options => Each(options, (workload, threads) => Scaling(options, workload, threads))),
        new("copies", true, Copies),
        new("product", false, options => Threads(options).Select(threads => Product(options, threads))),
        new("linear", false, options => Threads(options).SelectMany(threads => Measure.Linear(threads, options.Repeat))),
        new("allocation", true, options => Each(options, Allocation)),
        new("reading", false, options => Threads(options).Select(threads => ReadingBenchmark.Measure(threads, options.Rounds))),
        new("files", false, _ => FileBenchmark.Measure()),
        new("memory", true, options => options.Chosen(_ => true).Select(MemoryOverCalls)),
    ];

    /// <summary>What a number of threads gains over one.</summary>
    public static Measurement Scaling(Options options, Workload workload, int threads)
    {
        (double median, double best) = Measure.Scaling(workload, threads, options.Rounds, options.Seconds);
        return new(
            "scaling", workload.Name, threads,
            new("median_ratio", median, "times as fast as one in the median"),
            new("best_ratio", best, "times best against best"));
    }

    /// <summary>What two cores give two copies of a workload's training.</summary>
    public static Measurement Copies(Options options, Workload workload) =>
        Copies(options, workload.Name, () => Measure.Run(workload, "train", 1));

    public static Measurement Allocation(Workload workload, int threads)
    {
        double bytes = Memory.BytesPerStep(workload, threads);
        return new("allocation", workload.Name, threads, new Figure("bytes_per_step", bytes, "bytes a training step"));
    }

    public static Measurement MemoryOverCalls(Workload workload)
    {
        (int calls, long before, long after) = Memory.OverCalls(workload);
        return new(
            "memory", workload.Name, null,
            new("before_bytes", before, "bytes in use"),
            new("after_bytes", after, "bytes after"),
            new("calls", calls, "more calls of Predict"));
    }

    private static IEnumerable<Measurement> Copies(Options options)
    {
        foreach (Workload workload in options.Chosen(_ => true))
        {
            yield return Copies(options, workload);
        }

        yield return Copies(options, "product in the first two caches", Measure.SmallProduct);
    }

    private static Measurement Copies(Options options, string name, Func<Action> create)
    {
        double ratio = Measure.TwoCopies(create, options.Rounds, options.Seconds);
        return new("copies", name, null, new Figure("ratio", ratio, "times as many runs a second as one copy"));
    }

    private static IEnumerable<Measurement> Times(Options options, string mode) => Each(options, (workload, threads) =>
    {
        Timing time = Timed(Measure.Run(workload, mode, threads), options);
        return new(
            mode, workload.Name, threads,
            new("median_ms", time.Median, "ms in the median"),
            new("min_ms", time.Min, "ms at best"),
            new("max_ms", time.Max, "ms at worst"));
    });

    private static Measurement Product(Options options, int threads)
    {
        Timing time = Timed(Measure.Product(threads), options);
        return new(
            "product", "1024³", threads,
            new("median_gflop_per_s", Rate(time.Median), "GFLOP/s in the median"),
            new("max_gflop_per_s", Rate(time.Min), "GFLOP/s at best"),
            new("min_gflop_per_s", Rate(time.Max), "GFLOP/s at worst"));

        static double Rate(double milliseconds) => Measure.ProductFlops / milliseconds / 1e6;
    }

    private static Timing Timed(Action run, Options options)
    {
        Timing.WarmUp(run);
        return Timing.Of(run, options.Repeat);
    }

    private static IEnumerable<int> Threads(Options options) => options.Threads ?? [2];

    private static IEnumerable<Measurement> Each(Options options, Func<Workload, int, Measurement> measure) =>
        options.Chosen(_ => true).SelectMany(workload => Threads(options).Select(threads => measure(workload, threads)));
}
