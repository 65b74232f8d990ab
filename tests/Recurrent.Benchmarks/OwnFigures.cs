using Recurrent.Forecasting;
using static System.FormattableString;

namespace Recurrent.Benchmarks;

/// <summary>The rows of the table that have no peer: what is measured against the machine, or against itself.</summary>
internal sealed class OwnFigures(Options options, Report report)
{
    private const string Machine = "the machine";
    private const string Itself = "itself";

    /// <summary>Measures everything and reports it.</summary>
    public void Run()
    {
        Streaming();
        StreamingAttention();
        Detectors();
        Scaling();
        Share();
        Linear();
        Allocation();
        MemoryOverCalls();
    }

    private static string Bytes(double bytes) => Invariant($"**{bytes:0.##} bytes**");

    private void Streaming()
    {
        foreach (int units in StreamingBenchmark.Units)
        {
            Measurement step = report.Add(StreamingBenchmark.Measure(units));
            (double median, double best) = (step["median_ns_per_step"] / 1000, step["best_ns_per_step"] / 1000);
            report.Row(
                $"a step of a streaming {step.Workload}",
                Machine,
                units == 32 ? "under 1 µs" : "under 25 µs",
                Invariant($"**{median:F2} µs** in the median, {best:F2} µs at best"),
                Invariant($"{StreamingBenchmark.Runs} short runs"));
            report.Row(
                $"a step of a streaming {step.Workload} allocates",
                Machine,
                "0 bytes",
                Bytes(step["bytes_per_step"]),
                Invariant($"over {StreamingBenchmark.ManySteps} steps"));
        }
    }

    private void StreamingAttention()
    {
        Measurement step = report.Add(StreamingBenchmark.Attention());
        (double median, double best) = (step["median_ns_per_step"] / 1000, step["best_ns_per_step"] / 1000);
        report.Row(
            Invariant($"a step of a streaming transformer, on the average of its first {StreamingBenchmark.AttentionSteps}"),
            Machine,
            "0 bytes",
            Invariant($"**{median:F2} µs** in the median, {best:F2} µs at best"),
            Invariant($"2 blocks of 64 features, 4 heads; {step["bytes_per_step"]:0.##} bytes a step"));
    }

    private void Detectors()
    {
        foreach ((string name, Func<AnomalyScorer> create) in DetectorBenchmark.Scorers)
        {
            Measurement step = report.Add(DetectorBenchmark.Measure(name, create));
            (double median, double best) = (step["median_ns_per_step"] / 1000, step["best_ns_per_step"] / 1000);
            report.Row(
                $"a step of a monitor of anomalies, {name}",
                Machine,
                "microseconds",
                Invariant($"**{median:F2} µs** in the median, {best:F2} µs at best"),
                Invariant($"{step["bytes_per_step"]:0.##} bytes a step"));
        }
    }

    private void Scaling()
    {
        // Not from the turns with libtorch, whose threads spin on for a while after its turn.
        foreach (Workload workload in options.Chosen(w => w.IsNumbered))
        {
            Measurement scaling = report.Add(Modes.Scaling(options, workload, 2));
            Measurement copies = report.Add(Modes.Copies(options, workload));
            report.Row(
                $"scaling of {workload.Name} from 1 to 2 threads",
                Itself,
                "1.7×",
                Invariant($"**{scaling["median_ratio"]:F2}×**"),
                Invariant($"two copies that share nothing: {copies["ratio"]:F2}×"));
        }
    }

    private void Share()
    {
        foreach (Workload workload in options.Chosen(w => w.FlopsPerEpoch > 0))
        {
            Action train = Measure.Run(workload, "train", 2);
            Action product = Measure.Product(2);
            Timing.WarmUp(train);
            Timing.WarmUp(product);
            (double Trained, double Multiplied)[] rates = [.. Enumerable.Range(0, options.Rounds).Select(_ => (
                workload.FlopsPerEpoch / Timing.Of(train, 1, options.Seconds).Median / 1e6,
                Measure.ProductFlops / Timing.Of(product, 1, options.Seconds).Median / 1e6))];
            Measurement share = report.Add(new(
                "share", workload.Name, 2,
                new("share_percent", 100 * Timing.MedianOf(rates.Select(rate => rate.Trained / rate.Multiplied))),
                new("training_gflop_per_s", Timing.MedianOf(rates.Select(rate => rate.Trained))),
                new("product_gflop_per_s", Timing.MedianOf(rates.Select(rate => rate.Multiplied)))));
            report.Row(
                $"{workload.Name}'s training, share of the rate of a 1024³ product",
                Machine,
                "80 %",
                Invariant($"**{share["share_percent"]:F0} %**"),
                Invariant($"{share["training_gflop_per_s"]:F0} of {share["product_gflop_per_s"]:F0} GFLOP/s"));
        }
    }

    private void Linear()
    {
        IEnumerable<Measurement> all = Measure.Linear(2, options.Repeat).Select(report.Add);
        foreach (IGrouping<string, Measurement> axis in all.GroupBy(m => m.Workload))
        {
            double[] times = [.. axis.Select(m => m["ns_per_step_of_sample"])];
            report.Row(
                $"time a step of a sample, {axis.Key} × 1, × 8, × 64",
                Itself,
                "linear",
                Invariant($"**1, {times[1] / times[0]:F2}, {times[2] / times[0]:F2}**"),
                Invariant($"{times[0]:F0}, {times[1]:F0}, {times[2]:F0} ns"));
            double[] held = [.. axis.Select(m => m["held_kb"])];
            report.Row(
                $"memory a model holds in training, {axis.Key} × 1, × 8, × 64",
                Itself,
                "linear",
                Invariant($"**{held[0]:F0}, {held[1]:F0}, {held[2]:F0} KB**"),
                "without the data");
        }
    }

    private void Allocation()
    {
        foreach (Workload workload in options.Chosen(_ => true))
        {
            Measurement allocation = report.Add(Modes.Allocation(workload, 2));
            string bytes = Bytes(allocation["bytes_per_step"]);
            report.Row($"a training step of {workload.Name} allocates", Machine, "0 bytes", bytes, "");
        }
    }

    private void MemoryOverCalls()
    {
        foreach (Workload workload in options.Chosen(w => w.Name == "W2"))
        {
            Measurement memory = report.Add(Modes.MemoryOverCalls(workload));
            (double before, double after) = (memory["before_bytes"], memory["after_bytes"]);
            report.Row(
                Invariant($"{memory["calls"]:N0} calls of Predict ({workload.Name}) leave in use"),
                Itself,
                "flat",
                Invariant($"**{after - before:+#;−#;0} bytes**"),
                Invariant($"{before} before, {after} after"));
        }
    }
}
