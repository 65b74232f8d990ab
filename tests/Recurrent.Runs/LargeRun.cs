using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Runs;

/// <summary>A training over a file that is larger than the memory there is.</summary>
internal sealed class LargeRun(string folder, long rows)
{
    private const int Columns = 9;

    private string FilePath => Path.Combine(folder, "large.csv");

    /// <summary>Writes the file: whole numbers that follow from the row, in columns of nine digits.</summary>
    public int Write()
    {
        using var file = new FileStream(FilePath, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        file.Write("c0,c1,c2,c3,c4,c5,c6,c7,y\n"u8);
        var line = new byte[Columns * 12];
        ulong state = 88172645463325252;
        for (long row = 0; row < rows; row++)
        {
            int at = 0;
            for (int column = 0; column < Columns; column++)
            {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                line[at++] = (byte)'0';
                line[at++] = (byte)'.';
                Utf8Formatter.TryFormat(100_000_000 + (state % 900_000_000), line.AsSpan(at), out int digits);
                at += digits;
                line[at++] = (byte)(column == Columns - 1 ? '\n' : ',');
            }

            file.Write(line, 0, at);
        }

        return 0;
    }

    /// <summary>Trains on it, and says how much memory that took and when.</summary>
    public int Train(int threads)
    {
        var model = new Sequential([new Dense(4, activation: "tanh", inputShape: 8), new Dense(1)], seed: 2);
        model.Compile("adam", "mse");
        model.MaxDegreeOfParallelism = threads;
        RowBatches batches = RowSource.FromCsv(FilePath).Batches(
            [.. Enumerable.Range(0, 8).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}"))], ["y"], batchSize: 2000,
            shuffleWindow: 50_000, seed: 1);
        long early = 0;
        History history = model.Fit(batches, epochs: 1, verbose: 0, callbacks:
        [
            new BackupAndRestore(Path.Combine(folder, "backup"), saveFreq: 1000),
            new LambdaCallback(onBatchEnd: (_, batch, _) => early = batch == 500 ? Memory() : early),
        ]);
        Scores scores = model.Evaluate(batches, steps: 10);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{model.Optimizer!.Iterations} {early} {Memory()} {Process.GetCurrentProcess().PeakWorkingSet64} "
            + $"{history["loss"][0]} "
            + $"{scores["loss"]}"));
        return 0;
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);
}
