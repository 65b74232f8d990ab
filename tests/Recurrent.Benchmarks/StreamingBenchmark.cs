using System.Diagnostics;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Streaming;

namespace Recurrent.Benchmarks;

/// <summary>The workload "stream": one step of an LSTM that is fed one feature at a time, and one of a transformer.</summary>
internal static class StreamingBenchmark
{
    /// <summary>Number of short runs that the times of a step come from.</summary>
    public const int Runs = 400;

    /// <summary>Number of steps that the bytes of a step come from.</summary>
    public const int ManySteps = 100_000;

    /// <summary>Number of steps of the transformer.</summary>
    public const int AttentionSteps = 512;

    /// <summary>Number of times that it takes them.</summary>
    public const int AttentionRuns = 30;

    /// <summary>The sizes of LSTM that are measured.</summary>
    public static IReadOnlyList<int> Units { get; } = [32, 256];

    /// <summary>
    /// Nanoseconds of one step of one sequence through LSTM(units), from many short runs after a warm-up, and the bytes it
    /// allocates.
    /// </summary>
    public static Measurement Measure(int units)
    {
        const double Seconds = 2e-3;
        var model = new Sequential([new LSTM(units, inputShape: ((int?)null, 1))]);
        StreamingSession session = model.OpenSession();
        var y = new Real[units];

        // Tiered compilation replaces hot code in the background: warm up long enough for it.
        var warmUp = Stopwatch.StartNew();
        long steps = 0;
        while (warmUp.Elapsed < TimeSpan.FromSeconds(1.5))
        {
            Run(session, y, 100);
            steps += 100;
        }

        int length = (int)Math.Max(1, steps * Seconds / warmUp.Elapsed.TotalSeconds);
        Timing time = Timing.Of(() => Run(session, y, length), Runs);
        long bytes = Memory.Allocated(() => Run(session, y, ManySteps));
        return new(
            "streaming", $"LSTM({units})", null,
            new("median_ns_per_step", 1e6 * time.Median / length, "ns a step in the median"),
            new("best_ns_per_step", 1e6 * time.Min / length, "ns a step at best"),
            new("bytes_per_step", (double)bytes / ManySteps, "bytes a step"));
    }

    /// <summary>
    /// Nanoseconds of one step of one sequence through a transformer that looks back at all steps, on the average of its first
    /// steps, and the bytes it allocates where there is room.
    /// </summary>
    public static Measurement Attention()
    {
        const int Features = 64;
        var model = new Sequential(
        [
            new PositionalEncoding(inputShape: ((int?)null, Features)),
            new TransformerEncoder(Features, 4, 2 * Features, useCausalMask: true, name: "first"),
            new TransformerEncoder(Features, 4, 2 * Features, useCausalMask: true, name: "second"),
        ]);
        StreamingSession session = model.OpenSession(capacity: AttentionSteps);
        var y = new Real[Features];
        var warmUp = Stopwatch.StartNew();
        while (warmUp.Elapsed < TimeSpan.FromSeconds(1.5))
        {
            Whole(session, y);
        }

        Timing time = Timing.Of(() => Whole(session, y), AttentionRuns);
        long bytes = Memory.Allocated(() => Whole(session, y));
        return new(
            "streaming", "transformer", null,
            new("median_ns_per_step", 1e6 * time.Median / AttentionSteps, "ns a step in the median"),
            new("best_ns_per_step", 1e6 * time.Min / AttentionSteps, "ns a step at best"),
            new("bytes_per_step", (double)bytes / AttentionSteps, "bytes a step"));
    }

    /// <summary>All steps of a sequence from its beginning.</summary>
    private static void Whole(StreamingSession session, Real[] y)
    {
        session.Reset();
        Array.Clear(y);
        for (int t = 0; t < AttentionSteps; t++)
        {
            // The output of a step is the input of the next.
            session.Step(y, y);
        }
    }

    private static void Run(StreamingSession session, Span<Real> y, int steps)
    {
        Span<Real> x = [0];
        for (int t = 0; t < steps; t++)
        {
            x[0] = t % 7 * (Real)0.1;
            session.Step(x, y);
        }
    }
}
