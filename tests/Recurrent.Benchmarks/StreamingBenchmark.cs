using System.Diagnostics;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Streaming;

namespace Recurrent.Benchmarks;

/// <summary>The workload "stream": one step of an LSTM that is fed one feature at a time.</summary>
internal static class StreamingBenchmark
{
    /// <summary>Nanoseconds of one step of one sequence through LSTM(units), the best of many short runs after a warm-up.</summary>
    public static double MeasureStepNanoseconds(int units)
    {
        const double Seconds = 2e-3;
        const int Runs = 400;
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
        double best = double.PositiveInfinity;
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            Run(session, y, length);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / length);
        }

        return best;
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
