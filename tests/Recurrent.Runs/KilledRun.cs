using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Recurrent.Callbacks;
using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Runs;

/// <summary>A run with everything that remembers something, which says what it does and writes down how it ended.</summary>
internal sealed class KilledRun(string kind, string folder, int threads, int saveFreq)
{
    private const int Samples = 90;
    private const int BatchSize = 8;

    /// <summary>Trains to the end, unless it is killed.</summary>
    public int Run()
    {
        Sequential model = Model();
        model.MaxDegreeOfParallelism = threads;
        NDArray x = new([Samples, 6, 3], [.. Enumerable.Range(0, Samples * 18).Select(i => MathF.Sin(i * 0.37f))]);
        NDArray y = new([Samples, 1], [.. Enumerable.Range(0, Samples).Select(i => MathF.Cos(i * 0.61f))]);
        History history = kind == "arrays"
            ? model.Fit(x, y, epochs: 7, batchSize: BatchSize, validationSplit: 0.2, validationFreq: 2, verbose: 0,
                callbacks: Callbacks())
            : model.Fit(Rows(), epochs: 7, validationData: (x, y), validationFreq: 2, verbose: 0, callbacks: Callbacks());
        Finish(model, history);
        return 0;
    }

    private static Sequential Model()
    {
        var model = new Sequential([
            new LSTM(24, returnSequences: true, inputShape: (6, 3), dropout: 0.1), new Dropout(0.3), new GRU(16),
            new BatchNormalization(), new Dense(1)], seed: 5);
        model.Compile(new Adam(0.01, useEma: true, emaMomentum: 0.9, gradientAccumulationSteps: 2, clipNorm: 1), "mse",
            metrics: ["mae", "r2_score"]);
        return model;
    }

    /// <summary>The same number of samples as windows over rows of a file, shuffled.</summary>
    private RowBatches Rows()
    {
        string file = Path.Combine(folder, "rows.csv");
        if (!File.Exists(file))
        {
            File.WriteAllLines(file + ".part", Enumerable.Range(0, Samples + 5).Select(i => string.Create(
                CultureInfo.InvariantCulture, $"{Math.Sin(i)},{Math.Cos(i * 0.7)},{i % 4},{Math.Cos(i * 0.61)}"))
                    .Prepend("a,b,c,y"));
            File.Move(file + ".part", file, overwrite: true);
        }

        return RowSource.FromCsv(file).Batches(["a", "b", "c"], ["y"], batchSize: BatchSize, timesteps: 6, shuffleWindow: 25,
            seed: 9);
    }

    private IReadOnlyList<Callback> Callbacks()
    {
        string backup = Path.Combine(folder, "backup");
        return
        [
            // It stays behind, since this program may be killed after Fit has done its work and before the result is written
            // down.
            new BackupAndRestore(backup, saveFreq == 0 ? "epoch" : saveFreq, deleteCheckpoint: false),
            new EarlyStopping(patience: 3, restoreBestWeights: true),
            new ReduceLROnPlateau("loss", factor: 0.5, patience: 1, minDelta: 0.02),
            new ModelCheckpoint(Path.Combine(folder, "best.json"), saveBestOnly: true, saveWeightsOnly: true),
            new CSVLogger(Path.Combine(folder, "log.csv"), append: true),
            new LambdaCallback(
                onTrainBegin: run => Say($"begin {run.InitialEpoch}"),
                onBatchEnd: (_, batch, _) => Say(string.Create(CultureInfo.InvariantCulture, $"batch {batch}")),
                onEpochEnd: (_, epoch, _) => Say($"epoch {epoch}")),
        ];
    }

    private static void Say(string what)
    {
        Console.Out.WriteLine(what);
        Console.Out.Flush();
    }

    private void Finish(Sequential model, History history)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (NDArray weight in model.GetWeights())
        {
            hash.AppendData(MemoryMarshal.AsBytes(weight.Values.AsSpan()));
        }

        foreach (Slot slot in model.Optimizer!.Slots)
        {
            hash.AppendData(MemoryMarshal.AsBytes(slot.Values.Values.AsSpan()));
        }

        IEnumerable<string> figures = history.Metrics.Select(metric => metric.Key + ": " + string.Join(' ',
            metric.Value.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
        File.WriteAllLines(Path.Combine(folder, "result.txt"),
        [
            Convert.ToHexString(hash.GetHashAndReset()), .. figures, history.StopReason ?? string.Empty,
            File.ReadAllText(Path.Combine(folder, "log.csv")),
            Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "best.json")))),
        ]);
    }
}
