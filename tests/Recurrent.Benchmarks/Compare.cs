using System.Globalization;
using Recurrent.Benchmarks.Peers;
using static System.FormattableString;

namespace Recurrent.Benchmarks;

/// <summary>
/// Takes turns with the peers and reports ratios. Machines are noisy, so only what was measured in turns counts: own run, each
/// peer's run, own run …, and of the ratios of all rounds the median. Each side shows its best number of threads.
/// </summary>
internal sealed class Compare(Options options)
{
    private readonly int[] threadCounts = [.. options.Threads ?? [1, 2]];
    private readonly Report report = new(options.Json);

    /// <summary>The modes that one of the chosen peers has.</summary>
    public static IReadOnlyList<string> Modes(Options options) => [.. ((string[])["train", "predict", "predict-one"]).Where(
        mode => Workload.All.Any(workload => options.Peers.Any(peer => peer.Has(options, workload, mode))))];

    public void Run()
    {
        foreach (string mode in Modes(options).Where(mode => (options.Mode ?? mode) == mode))
        {
            foreach (Workload workload in options.Chosen(_ => true))
            {
                Peer[] peers = [.. options.Peers.Where(peer => peer.Has(options, workload, mode))];
                if (peers.Length > 0)
                {
                    TakeTurns(workload, mode, peers);
                }
            }
        }

        if (options.Mode is null)
        {
            CallOnnxRuntime();
            new OwnFigures(options, report).Run();
        }
    }

    private static string Title(Workload workload, string mode) => mode switch
    {
        "train" => $"training {workload.Name}",
        "predict" => $"inference {workload.Name}, batch {workload.BatchSize}",
        _ => $"inference {workload.Name}, batch 1",
    };

    /// <summary>The ratio to reach; null where none is set.</summary>
    private static double? Target(string peer, string mode, string workload) => (peer, mode, workload) switch
    {
        ("libtorch", "train", "W1") => 5,
        ("libtorch", "train", "W2") => 10,
        ("libtorch", "train", "W3") => 5.5,
        ("libtorch", "train", "W4") => 1.7,
        ("libtorch", "train", "W5") => 12,
        ("libtorch", "train", "A1" or "E1" or "P1") => 2,
        ("libtorch", "train", "C1") => 1.5,
        ("libtorch", "predict", "W4") => 1.2,
        ("libtorch", "predict-one", "A1" or "C1" or "E1" or "P1") => 3,
        ("onnxruntime", "predict", _) or ("onnxruntime", _, "W4") => 1.2,
        ("onnxruntime", _, _) => 2,
        _ => null,
    };

    private void TakeTurns(Workload workload, string mode, Peer[] peers)
    {
        Console.Error.WriteLine($"{Title(workload, mode)} …");
        var sides = new List<Side>();
        try
        {
            Action[] runs = [.. threadCounts.Select(threads => Measure.Run(workload, mode, threads))];
            sides.Add(new("Recurrent", [.. runs.Select(run => (Func<Timing>)(() => Timing.Of(run, 1, options.Seconds)))]));
            foreach (Peer peer in peers)
            {
                sides.Add(Start(peer, workload, mode));
            }

            foreach (Action run in runs)
            {
                Timing.WarmUp(run);
            }

            for (int round = 0; round < options.Rounds; round++)
            {
                for (int i = 0; i < threadCounts.Length; i++)
                {
                    sides.ForEach(side => side.Measure(i));
                }
            }

            foreach ((Peer peer, Side side) in peers.Zip(sides.Skip(1)))
            {
                Conclude(workload, mode, sides[0], side, Target(peer.Name, mode, workload.Name));
            }
        }
        finally
        {
            sides.ForEach(side => side.Dispose());
        }
    }

    /// <summary>Makes a peer ready on each number of threads.</summary>
    private Side Start(Peer peer, Workload workload, string mode)
    {
        var ready = new List<IPeer>();
        try
        {
            foreach (int threads in threadCounts)
            {
                ready.Add(peer.Start(options, workload, mode, threads));
            }

            Func<Timing>[] measure = [.. ready.Select(each => (Func<Timing>)(() => each.Measure(1, options.Seconds)))];
            return new(ready[0].Version, measure, ready);
        }
        catch
        {
            ready.ForEach(each => each.Dispose());
            throw;
        }
    }

    /// <summary>What ONNX Runtime's times have in them that is not its work: the call.</summary>
    private void CallOnnxRuntime()
    {
        if (options.Avx2 || options.Peers.All(peer => peer.Name != "onnxruntime"))
        {
            return;
        }

        using OnnxPeer peer = OnnxPeer.Identity();
        Timing call = peer.Measure(1, options.Seconds);
        Figure[] figures = [new("peer_median_ms", call.Median), new("peer_min_ms", call.Min)];
        report.Add(new("predict-one", "identity", 1, figures) { Peer = peer.Version });
        report.Row("a call of an identity model", peer.Version, "–", "", "", Text(call.Median, 1));
    }

    private void Conclude(Workload workload, string mode, Side own, Side peer, double? target)
    {
        (int mine, int theirs) = (own.Best, peer.Best);
        double[] ratios = [.. own.Rounds(mine).Zip(peer.Rounds(theirs), (a, b) => b.Median / a.Median)];
        double ratio = Timing.MedianOf(ratios);
        Figure[] aim = target is double reach ? [new("target_ratio", reach)] : [];
        report.Add(new(
            mode, workload.Name, null,
            [
                .. aim, new("median_ratio", ratio), new("min_ratio", ratios.Min()), new("max_ratio", ratios.Max()),
                new("own_threads", threadCounts[mine]), new("peer_threads", threadCounts[theirs]),
                .. Figures("own", own), .. Figures("peer", peer),
            ])
        { Peer = peer.Name });
        report.Row(
            Title(workload, mode),
            peer.Name,
            target is double least ? Invariant($"{least:0.#}×") : "–",
            Invariant($"**{ratio:F1}×** ({ratios.Min():F1}–{ratios.Max():F1})"),
            Text(own.Middle(mine), threadCounts[mine]),
            Text(peer.Middle(theirs), threadCounts[theirs]));
    }

    /// <summary>A side's times on every number of threads.</summary>
    private IEnumerable<Figure> Figures(string prefix, Side side) => threadCounts.SelectMany((threads, i) => (Figure[])
    [
        new(Invariant($"{prefix}_{threads}_threads_median_ms"), side.Middle(i)),
        new(Invariant($"{prefix}_{threads}_threads_min_ms"), side.Rounds(i).Min(time => time.Min)),
    ]);

    private static string Text(double milliseconds, int threads)
    {
        string number = milliseconds.ToString(milliseconds < 100 ? "G3" : "F0", CultureInfo.InvariantCulture);
        return $"{number} ms, {Measurement.ThreadsText(threads)}";
    }

    /// <summary>One library in a comparison, ready on each number of threads, and its times.</summary>
    private sealed class Side(string name, Func<Timing>[] measure, IReadOnlyList<IDisposable>? held = null) : IDisposable
    {
        private readonly List<Timing>[] times = [.. measure.Select(_ => new List<Timing>())];

        public string Name => name;

        /// <summary>The number of threads, by its index, with the least time.</summary>
        public int Best => Enumerable.Range(0, times.Length).MinBy(Middle);

        /// <summary>Takes its turn on a number of threads.</summary>
        public void Measure(int threads) => times[threads].Add(measure[threads]());

        public List<Timing> Rounds(int threads) => times[threads];

        public double Middle(int threads) => Timing.MedianOf(times[threads].Select(time => time.Median));

        public void Dispose()
        {
            foreach (IDisposable each in held ?? [])
            {
                each.Dispose();
            }
        }
    }
}
