using System.Globalization;
using static System.FormattableString;

namespace Recurrent.Benchmarks;

/// <summary>
/// Takes turns with the peers and reports ratios. Machines are noisy, so only what was measured in turns counts: own run,
/// peer's run, own run …, and of the ratios of all rounds the median. Each side shows its best number of threads.
/// </summary>
internal sealed class Compare(Options options)
{
    private readonly int[] threadCounts = [.. options.Threads ?? [1, 2]];
    private readonly Report report = new(options.Json);

    private delegate Peer PeerStart(Options options, string workload, string mode, int threads);

    /// <summary>The modes that have a peer: prediction has ONNX Runtime, which takes the best instructions there are.</summary>
    public static IReadOnlyList<string> Modes(bool avx2) => avx2 ? ["train"] : ["train", "predict", "predict-one"];

    /// <summary>Whether the peer of a mode has a workload.</summary>
    public static bool Has(Workload workload, string mode) => workload.IsNumbered || mode == "train";

    public void Run()
    {
        (string Mode, Workload Workload)[] work =
            [.. Modes(options.Avx2).SelectMany(mode => options.Chosen(workload => IsWanted(workload, mode)).Select(workload => (mode, workload)))];
        bool predicts = work.Any(pair => pair.Mode != "train");
        if (predicts)
        {
            Peer.ExportModels(options);
        }

        foreach ((string mode, Workload workload) in work)
        {
            TakeTurns(workload, mode, mode == "train" ? Peer.PyTorch : Peer.OnnxRuntime);
        }

        if (predicts)
        {
            MeasureBinding();
        }

        if (options.Mode is null)
        {
            new OwnFigures(options, report).Run();
        }
    }

    private static string Title(Workload workload, string mode) => mode switch
    {
        "train" => $"training {workload.Name}",
        "predict" => $"inference {workload.Name}, batch {workload.BatchSize}",
        _ => $"inference {workload.Name}, batch 1",
    };

    private static double Target(string workload, string mode) => (mode, workload) switch
    {
        ("train", "W1") => 8,
        ("train", "W2") => 14,
        ("train", "W3" or "W5") => 4,
        ("train", "W4") => 1.6,
        ("train", "masked") => 3,
        ("train", _) => 6,
        ("predict", _) or (_, "W4") => 1.2,
        _ => 2,
    };

    private bool IsWanted(Workload workload, string mode) => (options.Mode ?? mode) == mode && Has(workload, mode);

    private void TakeTurns(Workload workload, string mode, PeerStart start)
    {
        Console.Error.WriteLine($"{Title(workload, mode)} …");
        Action[] own = [.. threadCounts.Select(threads => Measure.Run(workload, mode, threads))];
        Peer[] peers = [.. threadCounts.Select(threads => start(options, workload.Name, mode, threads))];
        try
        {
            foreach (Action run in own)
            {
                Timing.WarmUp(run);
            }

            // [thread count][round]
            var ownTimes = own.Select(_ => new List<Timing>()).ToArray();
            var peerTimes = own.Select(_ => new List<Timing>()).ToArray();
            for (int round = 0; round < options.Rounds; round++)
            {
                for (int i = 0; i < own.Length; i++)
                {
                    ownTimes[i].Add(Timing.Of(own[i], 1, options.Seconds));
                    peerTimes[i].Add(peers[i].Measure(1, options.Seconds));
                }
            }

            Conclude(workload, mode, ownTimes, peerTimes);
        }
        finally
        {
            foreach (Peer peer in peers)
            {
                peer.Dispose();
            }
        }
    }

    /// <summary>What ONNX Runtime's times have in them that is not its work: the call through Node.js.</summary>
    private void MeasureBinding()
    {
        using Peer peer = Peer.OnnxRuntime(options, "identity", "predict-one", 1);
        List<Timing> times = [.. Enumerable.Range(0, options.Rounds).Select(_ => peer.Measure(1, options.Seconds))];
        report.Add(new(
            "predict-one", "identity", 1,
            new("peer_median_ms", Middle(times)), new("peer_min_ms", times.Min(time => time.Min))));
        report.Row("calling ONNX Runtime through its binding, an identity model", "–", "", "", Side(Middle(times), 1));
    }

    private void Conclude(Workload workload, string mode, List<Timing>[] own, List<Timing>[] peer)
    {
        int mine = Best(own);
        int theirs = Best(peer);
        double[] ratios = [.. own[mine].Zip(peer[theirs], (a, b) => b.Median / a.Median)];
        double target = Target(workload.Name, mode);
        double ratio = Timing.MedianOf(ratios);
        report.Add(new(
            mode, workload.Name, null,
            [
                new("target_ratio", target), new("median_ratio", ratio), new("min_ratio", ratios.Min()), new("max_ratio", ratios.Max()),
                new("own_threads", threadCounts[mine]), new("peer_threads", threadCounts[theirs]),
                .. Figures("own", own), .. Figures("peer", peer),
            ]));
        report.Row(
            Title(workload, mode),
            Invariant($"{target:0.#}×"),
            Invariant($"**{ratio:F1}×** ({ratios.Min():F1}–{ratios.Max():F1})"),
            Side(Middle(own[mine]), threadCounts[mine]),
            Side(Middle(peer[theirs]), threadCounts[theirs]));

        static int Best(List<Timing>[] times) => Enumerable.Range(0, times.Length).MinBy(i => Middle(times[i]));
    }

    /// <summary>A side's times on every number of threads.</summary>
    private IEnumerable<Figure> Figures(string side, List<Timing>[] times) => times.SelectMany((rounds, i) => (Figure[])
    [
        new(Invariant($"{side}_{threadCounts[i]}_threads_median_ms"), Middle(rounds)),
        new(Invariant($"{side}_{threadCounts[i]}_threads_min_ms"), rounds.Min(time => time.Min)),
    ]);

    private static string Side(double milliseconds, int threads) =>
        $"{milliseconds.ToString(milliseconds < 100 ? "G3" : "F0", CultureInfo.InvariantCulture)} ms, {Measurement.ThreadsText(threads)}";

    private static double Middle(List<Timing> rounds) => Timing.MedianOf(rounds.Select(time => time.Median));
}
