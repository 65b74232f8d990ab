using System.Diagnostics;
using System.Globalization;
using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Benchmarks;

/// <summary>What an epoch over the rows of a CSV file takes beside one over the same samples in memory.</summary>
internal static class ReadingBenchmark
{
    private const int Rows = 20_000;
    private const int Steps = 24;
    private const int BatchSize = 128;

    /// <summary>Trains in turn from memory and from the file.</summary>
    /// <param name="threads">Threads that training may use.</param>
    /// <param name="rounds">How many epochs of each are measured.</param>
    public static Measurement Measure(int threads, int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("recurrent-reading-").FullName;
        try
        {
            string file = Path.Combine(folder, "rows.csv");
            File.WriteAllLines(file, Enumerable.Range(0, Rows).Select(Line).Prepend("a,b,c,d,e,f,g,h,y"));
            RowBatches batches = RowSource.FromCsv(file).Batches(
                ["a", "b", "c", "d", "e", "f", "g", "h"], ["y"], BatchSize, timesteps: Steps, ahead: 1, shuffleWindow: 4000);
            RowBatch[] read = [.. batches.Read()];
            NDArray x = NDArray.Concatenate([.. read.Select(batch => batch.X)]);
            NDArray y = NDArray.Concatenate([.. read.Select(batch => batch.Y!)]);
            Sequential fromMemory = Model(threads);
            Sequential fromFile = Model(threads);
            var memory = new List<double>();
            var csv = new List<double>();
            for (int round = 0; round <= rounds; round++)
            {
                double one = Time(() => fromMemory.Fit(x, y, batchSize: BatchSize, verbose: 0));
                double other = Time(() => fromFile.Fit(batches, verbose: 0));
                if (round > 0)
                {
                    memory.Add(one);
                    csv.Add(other);
                }
            }

            memory.Sort();
            csv.Sort();
            return new(
                "reading", "LSTM(64) over 24 of 20000 rows", threads,
                new("memory_ms", memory[rounds / 2], "ms an epoch from memory in the median"),
                new("csv_ms", csv[rounds / 2], "ms from CSV"),
                new("ratio", csv[rounds / 2] / memory[rounds / 2], "times as long"),
                new("best_ratio", csv[0] / memory[0], "times best against best"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Line(int row) => string.Join(',', Enumerable.Range(0, 9).Select(column =>
        Math.Sin((row * 0.01) + column).ToString("F7", CultureInfo.InvariantCulture)));

    private static Sequential Model(int threads)
    {
        var model = new Sequential([new LSTM(64, inputShape: (Steps, 8)), new Dense(1)]) { MaxDegreeOfParallelism = threads };
        model.Compile("adam", "mse");
        return model;
    }

    private static double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
