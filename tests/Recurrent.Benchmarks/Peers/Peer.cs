namespace Recurrent.Benchmarks.Peers;

/// <summary>Another library with a workload ready: it measures when it is asked to, and sleeps in between.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>The library and its version.</summary>
    string Version { get; }

    /// <summary>Measures at least so many runs that take at least so long.</summary>
    Timing Measure(int repeat, double seconds);
}

/// <summary>A library to compare with.</summary>
/// <param name="Name">What <c>--peer</c> calls it.</param>
/// <param name="Has">Whether it has a workload in a mode, and can be held to the instructions that the options allow.</param>
/// <param name="Start">Makes it ready: a workload, a mode, and a number of threads.</param>
internal sealed record Peer(
    string Name, Func<Options, Workload, string, bool> Has, Func<Options, Workload, string, int, IPeer> Start)
{
    public static IReadOnlyList<Peer> All { get; } =
    [
        new(
            "libtorch",
            (_, _, _) => true,
            (options, workload, mode, threads) => new LibtorchPeer(workload.Name, mode, threads, options.Avx2)),
        new(
            "onnxruntime",
            (options, workload, mode) => mode != "train" && workload.IsNumbered && !options.Avx2,
            (_, workload, mode, threads) => OnnxPeer.Of(workload, mode == "predict" ? workload.BatchSize : 1, threads)),
    ];
}

/// <summary>A peer that is not there, or does not do what it should. The message says what to do about it.</summary>
internal sealed class PeerException(string message) : Exception(message);
