using System.Globalization;
using System.Text.Json;

namespace Recurrent.Benchmarks;

/// <summary>
/// Takes turns with the peers and prints a table of ratios. Machines are noisy, so only what was measured in turns counts: own run,
/// peer's run, own run …, and of the ratios of all rounds the median. Each side shows its best number of threads.
/// </summary>
internal sealed class Compare(Options options)
{
    private readonly int[] threadCounts = [.. options.Threads ?? [1, 2]];
    private readonly List<string[]> rows = [];

    private delegate Peer PeerStart(Options options, Workload workload, string mode, int threads);

    public void Run()
    {
        foreach (Workload workload in options.Chosen(_ => options.Mode is null or "train"))
        {
            Add($"training {workload.Name}", TrainingTarget(workload.Name), workload, "train", Peer.PyTorch);
        }

        foreach (string mode in (string[])["predict", "predict-one"])
        {
            foreach (Workload workload in options.Chosen(w => w.IsNumbered && (options.Mode is null || options.Mode == mode)))
            {
                Peer.ExportModels(options);
                bool one = mode == "predict-one";
                string title = one ? $"inference {workload.Name}, batch 1" : $"inference {workload.Name}, batch {workload.BatchSize}";
                Add(title, one && workload.Name != "W4" ? 2 : 1.2, workload, mode, Peer.OnnxRuntime);
            }
        }

        if (options.Mode is null)
        {
            foreach (string[] row in new OwnFigures(options).Rows())
            {
                AddRow(row);
            }
        }

        if (!options.Json)
        {
            Print();
        }
    }

    private static double TrainingTarget(string workload) => workload switch
    {
        "W1" => 8,
        "W2" => 14,
        "W3" or "W5" => 4,
        "W4" => 1.6,
        "masked" => 3,
        _ => 6,
    };

    private void AddRow(string[] row)
    {
        rows.Add(row);
        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { work = row[0], target = row[1], measured = row[2], own = row[3] }));
        }
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Own runs and the peer's, in turns.</summary>
    private void Add(string title, double target, Workload workload, string mode, PeerStart start)
    {
        Console.Error.WriteLine($"{title} …");
        Action[] own = [.. threadCounts.Select(threads => Measure.Run(workload, mode, threads))];
        Peer[] peers = [.. threadCounts.Select(threads => start(options, workload, mode, threads))];
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

            Conclude(title, target, workload, mode, ownTimes, peerTimes);
        }
        finally
        {
            foreach (Peer peer in peers)
            {
                peer.Dispose();
            }
        }
    }

    private void Conclude(string title, double target, Workload workload, string mode, List<Timing>[] own, List<Timing>[] peer)
    {
        int mine = Best(own);
        int theirs = Best(peer);
        double[] ratios = [.. own[mine].Zip(peer[theirs], (a, b) => b.Median / a.Median)];
        double ratio = Timing.MedianOf(ratios);
        string range = $"{Text(ratios.Min(), "F1")}–{Text(ratios.Max(), "F1")}";
        rows.Add(
        [
            title, $"{Text(target, "0.#")}×", $"**{Text(ratio, "F1")}×** ({range})",
            $"{Text(Middle(own[mine]), "G3")} ms, {threadCounts[mine]} threads", $"{Text(Middle(peer[theirs]), "G3")} ms, {threadCounts[theirs]} threads",
        ]);
        if (options.Json)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"workload":"{{workload.Name}}","mode":"{{mode}}","target":{{target}},"ratio":{{ratio:F3}},"own_ms":[{{Middles(own)}}],"peer_ms":[{{Middles(peer)}}],"own_min_ms":[{{Minima(own)}}],"peer_min_ms":[{{Minima(peer)}}]}"""));
        }

        static int Best(List<Timing>[] times) => Enumerable.Range(0, times.Length).MinBy(i => Middle(times[i]));
        static double Middle(List<Timing> times) => Timing.MedianOf(times.Select(time => time.Median));
        static string Middles(List<Timing>[] times) => string.Join(',', times.Select(all => Text(Middle(all), "F4")));
        static string Minima(List<Timing>[] times) => string.Join(',', times.Select(all => Text(all.Min(time => time.Min), "F4")));
    }

    private void Print()
    {
        Console.WriteLine("| work | at least | measured | Recurrent | peer |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (string[] row in rows)
        {
            Console.WriteLine($"| {string.Join(" | ", row)} |");
        }
    }
}
