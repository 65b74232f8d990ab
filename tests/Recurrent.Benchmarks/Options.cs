using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Recurrent.Benchmarks.Peers;

namespace Recurrent.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed class Options
{
    public const string Help = """
        Measures whole workloads: dotnet run -c Release --project tests/Recurrent.Benchmarks -- [options]

          --workload NAMES   W1 … W5, masked, dropout, A1, C1, E1, P1, with commas between them; default: all that the mode has
          --mode MODE        train        milliseconds an epoch (default)
                             predict      milliseconds a call of Predict, a full batch
                             predict-one  the same, one sample
                             scaling      what so many threads gain over one
                             copies       what two cores give two copies of a run, as a multiple of one: the machine's
                                          ceiling for scaling
                             allocation   bytes a training step allocates
                             memory       memory over a million calls of Predict, one sample, or a minute of them
                             these modes take no --workload:
                             streaming    nanoseconds a step of a session, and the bytes it allocates
                             detector     the same of a monitor of anomalies, by what it scores with
                             decode       milliseconds for 32 sentences of 20 tokens, greedy (G1) and by a beam of 4
                                          (B1); characters a second of a language model
                             search       seconds of 50 trials one after another on one core, and on two
                             product      GFLOP/s of a product of 1024 × 1024 matrices
                             linear       time and memory over a factor of 64 in steps, batch and samples
                             reading      what an epoch from a CSV file takes beside one from memory
                             files        milliseconds and memory of reading 100 MB in files of each kind, beside the bytes alone
          --threads NUMBERS  1, 2, …, with commas between them; default 2, or 1,2 when comparing
          --repeat N         runs to a measurement, at least; default 10
          --compare          takes turns with the peers and prints a table (Markdown): in the modes train, predict and
                             predict-one, or all of them and what has no peer
          --peer NAMES       libtorch (to be built once, see docs/performance.md), onnxruntime (only predicts), with commas
                             between them; default: both
          --avx2             holds both sides of --compare to AVX2: start with DOTNET_EnableAVX512=0; without ONNX Runtime,
                             which cannot be held to it
          --rounds N         turns of a comparison, of scaling and of copies; default 7
          --seconds S        how long each turn lasts, at least; default 0.3
          --json             one JSON line for each measurement
          --help             this text

        'kernels' as the first argument: BenchmarkDotNet's measurements of single kernels, e.g. kernels --filter *Product*
        """;

    private readonly List<string> problems = [];

    /// <summary>Reads the arguments; <see cref="Problems"/> tells what is wrong with them.</summary>
    public Options(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--compare":
                    Compare = true;
                    break;
                case "--avx2":
                    Avx2 = true;
                    break;
                case "--json":
                    Json = true;
                    break;
                case "--help" or "-h":
                    WantsHelp = true;
                    break;
                case var name when i + 1 < arguments.Length:
                    Read(name, arguments[++i]);
                    break;
                case var name:
                    problems.Add(IsKnown(name) ? $"Option '{name}' needs a value." : $"Unknown option '{name}'.");
                    break;
            }
        }

        if (Avx2 && !Compare)
        {
            problems.Add("Option '--avx2' goes with --compare. Elsewhere DOTNET_EnableAVX512=0 alone does it.");
        }
        else if (Avx2 && (Avx512F.IsSupported || !System.Runtime.Intrinsics.X86.Avx2.IsSupported))
        {
            problems.Add(Avx512F.IsSupported
                ? "Option '--avx2': this process has AVX-512, start with DOTNET_EnableAVX512=0."
                : "Option '--avx2': this process does not have AVX2.");
        }

        if (problems.Count == 0)
        {
            CheckMode();
        }
    }

    public IReadOnlyList<string> Problems => problems;

    public bool WantsHelp { get; }

    public bool Compare { get; }

    /// <summary>Whether both sides of a comparison do without AVX-512.</summary>
    public bool Avx2 { get; }

    public bool Json { get; }

    /// <summary>The mode; null where none is named, which is training, or everything when comparing.</summary>
    public string? Mode { get; private set; }

    /// <summary>Numbers of threads; null where none are given.</summary>
    public IReadOnlyList<int>? Threads { get; private set; }

    public int Repeat { get; private set; } = 10;

    public int Rounds { get; private set; } = 7;

    public double Seconds { get; private set; } = 0.3;

    /// <summary>The libraries to compare with.</summary>
    public IReadOnlyList<Peer> Peers { get; private set; } = Peer.All;

    private string[]? Names { get; set; }

    /// <summary>The workloads that are asked for, out of those that a mode has.</summary>
    public IEnumerable<Workload> Chosen(Func<Workload, bool> has) =>
        Workload.All.Where(workload => has(workload) && Names?.Contains(workload.Name) != false);

    private static bool IsKnown(string name) => name is "--workload" or "--mode" or "--threads" or "--repeat" or "--rounds"
        or "--seconds" or "--peer";

    private void Read(string name, string value)
    {
        switch (name)
        {
            case "--workload":
                Names = value == "all" ? null : value.Split(',');
                RequireKnown("workload", Names ?? [], Workload.All.Select(workload => workload.Name));

                break;
            case "--mode":
                Mode = value;
                break;
            case "--threads":
                Threads = [.. value.Split(',').Select(number => Positive(name, number))];
                break;
            case "--repeat":
                Repeat = Positive(name, value);
                break;
            case "--rounds":
                Rounds = Positive(name, value);
                break;
            case "--seconds":
                if (!double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) || seconds < 0)
                {
                    problems.Add($"Option '{name}' needs a number of seconds, not '{value}'.");
                }

                Seconds = seconds;
                break;
            case "--peer":
                Peers = [.. Peer.All.Where(peer => value.Split(',').Contains(peer.Name))];
                RequireKnown("peer", value.Split(','), Peer.All.Select(peer => peer.Name));

                break;
            default:
                problems.Add($"Unknown option '{name}'.");
                break;
        }
    }

    /// <summary>Finds what the mode cannot measure.</summary>
    private void CheckMode()
    {
        IReadOnlyList<string> modes = Compare ? Benchmarks.Compare.Modes(this) : [.. Modes.All.Select(mode => mode.Name)];
        if (modes.Count == 0)
        {
            problems.Add("ONNX Runtime cannot be held to AVX2: --avx2 goes with --peer libtorch.");
            return;
        }

        if (Mode is not null && !modes.Contains(Mode))
        {
            string what = Compare ? "With its peers --compare has no" : "Unknown";
            problems.Add($"{what} mode '{Mode}': {string.Join(", ", modes)}.");
            return;
        }

        string[] has = [.. Workload.All.Where(Has).Select(workload => workload.Name)];
        string where = Mode is null ? "The program" : $"Mode '{Mode}'";
        foreach (string name in (Names ?? []).Except(has))
        {
            problems.Add(has.Length == 0
                ? $"{where} brings its own work and takes no --workload."
                : $"{where} has no workload '{name}'{(Compare ? " with its peers" : "")}: {string.Join(", ", has)}.");
        }
    }

    private bool Has(Workload workload) => Compare
        ? Benchmarks.Compare.Modes(this).Any(mode => (Mode ?? mode) == mode && Peers.Any(peer => peer.Has(this, workload, mode)))
        : Modes.All.Single(mode => mode.Name == (Mode ?? "train")).HasWorkloads;

    private void RequireKnown(string what, IEnumerable<string> names, IEnumerable<string> known)
    {
        foreach (string unknown in names.Except(known))
        {
            problems.Add($"Unknown {what} '{unknown}': {string.Join(", ", known)}.");
        }
    }

    private int Positive(string name, string value)
    {
        if (!int.TryParse(value, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            problems.Add($"Option '{name}' needs whole numbers of at least 1, not '{value}'.");
        }

        return number;
    }
}
