using System.Globalization;

namespace Recurrent.Benchmarks;

/// <summary>The rows of the table that have no peer: what is measured against the machine, or against itself.</summary>
internal sealed class OwnFigures(Options options)
{
    /// <summary>The rows: work, target, what was measured, how, and nothing.</summary>
    public IEnumerable<string[]> Rows() => Streaming().Concat(Scaling()).Concat(Share()).Concat(Linear()).Concat(Allocation()).Concat(Memory());

    private static IEnumerable<string[]> Streaming()
    {
        foreach ((int units, string target) in ((int, string)[])[(32, "under 1 µs"), (256, "under 25 µs")])
        {
            double microseconds = StreamingBenchmark.MeasureStepNanoseconds(units) / 1000;
            yield return Row($"a step of a streaming LSTM({units})", target, $"{microseconds:F2} µs", "the best of 400 short runs");
        }
    }

    private static string[] Row(string work, string target, FormattableString measured, string how) =>
        [work, target, $"**{FormattableString.Invariant(measured)}**", how, ""];

    private IEnumerable<string[]> Scaling()
    {
        // Not from the turns with PyTorch, whose threads spin on for a while after its turn.
        foreach (Workload workload in options.Chosen(w => w.IsNumbered))
        {
            double ratio = Measure.Scaling(workload, 2, options.Rounds, options.Seconds).Median;
            double copies = Measure.TwoCopies(() => Measure.Run(workload, "train", 1), options.Rounds, options.Seconds);
            string ceiling = string.Create(CultureInfo.InvariantCulture, $"two copies that share nothing: {copies:F2}×");
            yield return Row($"scaling of {workload.Name} from 1 to 2 threads", "1.7×", $"{ratio:F2}×", ceiling);
        }
    }

    private IEnumerable<string[]> Share()
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
            double share = Timing.MedianOf(rates.Select(rate => rate.Trained / rate.Multiplied));
            string how = string.Create(
                CultureInfo.InvariantCulture,
                $"{Timing.MedianOf(rates.Select(rate => rate.Trained)):F0} of {Timing.MedianOf(rates.Select(rate => rate.Multiplied)):F0} GFLOP/s");
            yield return Row($"{workload.Name}'s training, share of the rate of a 1024³ product", "80 %", $"{100 * share:F0} %", how);
        }
    }

    private IEnumerable<string[]> Linear()
    {
        foreach (IGrouping<string, (string Axis, int Factor, double Nanoseconds, double Kilobytes)> axis in Measure.Linear(2, options.Repeat).GroupBy(m => m.Axis))
        {
            double[] times = [.. axis.Select(m => m.Nanoseconds)];
            string how = string.Create(CultureInfo.InvariantCulture, $"{times[0]:F0}, {times[1]:F0}, {times[2]:F0} ns");
            yield return Row(
                $"time a step of a sample, {axis.Key} × 1, × 8, × 64", "linear", $"1, {times[1] / times[0]:F2}, {times[2] / times[0]:F2}", how);
            double[] held = [.. axis.Select(m => m.Kilobytes)];
            yield return Row(
                $"memory a model holds in training, {axis.Key} × 1, × 8, × 64", "linear", $"{held[0]:F0}, {held[1]:F0}, {held[2]:F0} KB", "without the data");
        }
    }

    private IEnumerable<string[]> Allocation()
    {
        foreach (Workload workload in options.Chosen(w => w.IsNumbered))
        {
            yield return Row($"a training step of {workload.Name} allocates", "0 bytes", $"{Measure.BytesPerStep(workload, 2):F0} bytes", "");
        }
    }

    private IEnumerable<string[]> Memory()
    {
        foreach (Workload workload in options.Chosen(w => w.Name == "W2"))
        {
            (long before, long after) = Measure.MemoryOverCalls(workload, Measure.ManyCalls);
            yield return Row($"a million calls of Predict ({workload.Name}) leave in use", "flat", $"{after - before:+#;−#;0} bytes", FormattableString.Invariant($"{before} before, {after} after"));
        }
    }
}
