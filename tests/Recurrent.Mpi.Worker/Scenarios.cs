using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Recurrent.Callbacks;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Selection;
using static Recurrent.Tests.RandomArrays;

namespace Recurrent.Mpi.Worker;

/// <summary>What several ranks do in the tests, and what one process does that they are compared with.</summary>
internal static class Scenarios
{
    internal const int Epochs = 3;
    internal const int BatchSize = 80;

    internal static NDArray X { get; } = Noise(200, 9, 4);

    internal static NDArray Y { get; } = Noise(200, 1);

    internal static void Run(MpiWorld world, string[] args)
    {
        switch (args[0])
        {
            case "train":
                Say(world, Describe(Train(world, Build(), args)));
                break;
            case "collective":
                Say(world, Collective(world));
                break;
            case "kind":
                Say(world, Kinds.Train(args[1], (model, fit) => world.Fit(model, fit)));
                break;
            case "no root":
                world.Broadcast(new byte[4], root: world.Size);
                break;
            case "disagree":
                Train(world, Build(units: world.Rank == 2 ? 7 : 8), args);
                break;
            case "die":
                Die(world, args);
                break;
            case "search":
                SearchResult result = Search(new MpiTrials(world), args.ElementAtOrDefault(1)).Run(Score);
                Say(world, string.Join("\n", result.Trials.Select(trial => trial.ToString())));
                break;
            case "panel":
                Say(world, Describe(world.PredictPanel(new ExponentialSmoothing(), Panel(), 6)));
                break;
            case "backtest":
                Say(world, Describe(world.Backtest(Panel(), Methods(), new BacktestOptions(4) { Folds = 3 })));
                break;
            case "time":
                Time(world, args);
                break;
            default:
                throw new ArgumentException($"There is no scenario '{args[0]}'.");
        }
    }

    internal static Model Build(int units = 8)
    {
        var model = new Sequential(
            [
                new LSTM(units, returnSequences: true, recurrentDropout: 0.1, inputShape: (9, 4)),
                new Dropout(0.2),
                new GRU(units, kernelRegularizer: "l2"),
                new Dense(1),
            ], seed: 5);
        model.Compile(new Adam(0.01, clipNorm: 1), "mse", metrics: ["mae"]);
        return model;
    }

    internal static string Describe(History history) => string.Join(" ", history.Metrics.OrderBy(pair => pair.Key,
        StringComparer.Ordinal).SelectMany(pair => pair.Value.Prepend(double.NaN).Select(value => double.IsNaN(value) ? pair.Key
            : value.ToString("R", CultureInfo.InvariantCulture))));

    internal static string Describe((Model Model, History History) trained) =>
        $"{Hash(trained.Model)} {Describe(trained.History)}";

    internal static string Hash(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (NDArray weights in model.GetWeights())
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(weights.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static string Describe(IReadOnlyList<Forecast> forecasts) => string.Join("\n", forecasts.Select(forecast =>
        $"{forecast.Series}: {string.Join(" ", forecast.Point.ToArray().Concat(forecast.Quantile(0.9))
            .Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}"));

    internal static string Describe(BacktestResult result) => string.Join("\n", result.Forecasts.Select(one =>
        $"{one.Forecast.Method} {one.Fold} {one.Training.Count} {Describe([one.Forecast])}").Concat(
            result.Scores.Select(score => $"{score.Method} {score.Mase.ToString("R", CultureInfo.InvariantCulture)}")));

    internal static TpeSearch Search(ITrialRunner? runner, string? log) => runner is null
        ? new TpeSearch(Space(), 24, startup: 8, batchSize: 5) { LogPath = log }
        : new TpeSearch(Space(), 24, startup: 8, batchSize: 5) { LogPath = log, Runner = runner };

    internal static double Score(Trial trial)
    {
        trial.Report("twice", 2 * trial.Integer("a"));
        return trial.Integer("a") == 7 ? throw new ArgumentException("seven")
            : Math.Abs(trial.Real("b") - 0.3) + trial.Integer("a");
    }

    internal static IReadOnlyList<Forecaster> Methods() => [new ExponentialSmoothing(), new DLinear(8, 4, 3,
        training: new() { Epochs = 3 }), new SeasonalNaive(4)];

    internal static SeriesPanel Panel() => new(Enumerable.Range(0, 7).Select(i => TimeSeries.Create($"s{i}", ["value"],
        [[.. Enumerable.Range(0, 44 + i).Select(t => 20 + i + (5 * Math.Sin(t * Math.PI / 2)) + (0.1 * t)
            + Noise(1, 60).Values[(t * 7 + i) % 60])]])));

    private static SearchSpace Space() => new SearchSpace().Integer("a", 1, 9).Real("b", 0, 1);

    // What every rank has after the collective calls, in the order of the ranks.
    private static string Collective(MpiWorld world)
    {
        double[] sums = [world.Rank + 1, 0.25];
        world.AllReduce(sums);
        byte[] word = world.Rank == 1 ? "root"u8.ToArray() : new byte[4];
        world.Broadcast(word, root: 1);
        string own = FormattableString.Invariant($"{world.Rank}: {sums[0]} {sums[1]} {Encoding.UTF8.GetString(word)}")
            + new string('!', world.Rank);
        return string.Join("\n", world.AllGather(Encoding.UTF8.GetBytes(own)).Select(Encoding.UTF8.GetString));
    }

    private static (Model Model, History History) Train(MpiWorld world, Model model, string[] args)
    {
        int? shards = args.Length > 1 && args[1] != "-" ? int.Parse(args[1], CultureInfo.InvariantCulture) : null;
        GradientSum sum = args.Contains("allreduce") ? GradientSum.AllReduce : GradientSum.InOrder;
        return (model, world.Fit(
            model, m => m.Fit(X, Y, Epochs, BatchSize, validationSplit: 0.2, verbose: 0), shards, sum));
    }

    // Rank 1 is killed in the middle of the third epoch, where it has run so far; else training goes to its end.
    private static void Die(MpiWorld world, string[] args)
    {
        Model model = Build();
        var killer = new LambdaCallback(onBatchEnd: (run, batch, _) =>
        {
            if (args.Length > 2 && world.Rank == 1 && model.Optimizer!.Iterations >= 7)
            {
                Process.GetCurrentProcess().Kill();
            }
        });
        History history = world.Fit(model, m => m.Fit(X, Y, epochs: 5, BatchSize, verbose: 0,
            callbacks: [new BackupAndRestore(args[1], saveFreq: 1), killer]));
        Say(world, Hash(model) + " " + history["loss"][^1].ToString("R", CultureInfo.InvariantCulture));
    }

    private static void Time(MpiWorld world, string[] args)
    {
        int units = int.Parse(args[1], CultureInfo.InvariantCulture);
        var model = new Sequential([new LSTM(units, inputShape: (30, 16)), new Dense(1)], seed: 1);
        model.Compile("adam", "mse");
        NDArray x = Noise(1024, 30, 16);
        NDArray y = Noise(1024, 1);
        GradientSum sum = args.Contains("allreduce") ? GradientSum.AllReduce : GradientSum.InOrder;
        world.Fit(model, m => m.Fit(x, y, epochs: 1, batchSize: 128, verbose: 0), shards: 8, sum);
        world.Barrier();
        long start = Stopwatch.GetTimestamp();
        world.Fit(model, m => m.Fit(x, y, epochs: 5, batchSize: 128, verbose: 0), shards: 8, sum);
        world.Barrier();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double alone = TimeOfExchange(world, model.GetWeights().Sum(weights => weights.Size));
        Say(world, FormattableString.Invariant($"{world.Size} ranks, {world.Threads} threads, {units} units, {sum}: ")
            + FormattableString.Invariant($"exchange alone {alone:0.00} ms, {1000 * seconds / 40:0.00} ms a batch"));
    }

    // What the gradients of a batch take, with nothing to hide them behind.
    private static double TimeOfExchange(MpiWorld world, int parameters)
    {
        // As many bytes as a rank sends and gets: its shards' parts of what the others own, and its sums.
        int shards = 8 / world.Size;
        byte[] own = new byte[(shards + 1) * (parameters / world.Size) * sizeof(float)];
        long start = 0;
        for (int i = 0; i < 25; i++)
        {
            start = i == 5 ? Stopwatch.GetTimestamp() : start;
            world.AllGather(own);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / 20;
    }

    private static void Say(MpiWorld world, string text)
    {
        // What all ranks say must be the same: only then rank 0 says it.
        byte[] own = Encoding.UTF8.GetBytes(text);
        IReadOnlyList<byte[]> all = world.AllGather(own);
        int other = Enumerable.Range(0, world.Size).FirstOrDefault(rank => !all[rank].AsSpan().SequenceEqual(all[0]));
        if (world.Rank == 0)
        {
            Console.WriteLine(other == 0 || text.EndsWith("ms a batch", StringComparison.Ordinal) ? text
                : $"Rank {other} says something else: {Encoding.UTF8.GetString(all[other])}");
        }
    }
}
