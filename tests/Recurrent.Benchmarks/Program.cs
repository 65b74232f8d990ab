using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Running;
using Recurrent;
using Recurrent.Benchmarks;
using Recurrent.Benchmarks.Kernels;
using Recurrent.Callbacks;
using Recurrent.Models;

// Prints one JSON line per workload: seconds an epoch of training, after a warm-up, as minimum, median and maximum.
// dotnet run -c Release --project tests/Recurrent.Benchmarks -- --workload W1 --threads 2 --repeat 10 --mode train
// With 'kernels' as the first argument: BenchmarkDotNet's measurements of single kernels, e.g. kernels --filter *Product*
if (args.FirstOrDefault() == "kernels")
{
    Type[] kernels = [typeof(ProductBenchmarks), typeof(OuterProductBenchmarks), typeof(GateBenchmarks)];
    BenchmarkSwitcher.FromTypes(kernels).Run(args[1..]);
    return 0;
}

var options = new Dictionary<string, string>(StringComparer.Ordinal)
{
    ["--workload"] = "all",
    ["--threads"] = "2",
    ["--repeat"] = "10",
    ["--mode"] = "train",
};
for (int i = 0; i + 1 < args.Length; i += 2)
{
    if (!options.ContainsKey(args[i]))
    {
        Console.Error.WriteLine($"Unknown option '{args[i]}'. Options: {string.Join(", ", options.Keys)}.");
        return 2;
    }

    options[args[i]] = args[i + 1];
}

int threads = int.Parse(options["--threads"], CultureInfo.InvariantCulture);
int repeat = int.Parse(options["--repeat"], CultureInfo.InvariantCulture);
foreach (Workload workload in Workload.All.Where(w => options["--workload"] is "all" || options["--workload"].Split(',').Contains(w.Name)))
{
    Sequential model = workload.CreateModel(threads);
    (NDArray x, NDArray y) = workload.CreateData();
    Action run = options["--mode"] switch
    {
        "train" => () => model.Fit(x, y, epochs: 1, batchSize: workload.BatchSize, verbose: Verbosity.Silent),
        "predict" => () => model.Predict(x, workload.BatchSize),
        var mode => throw new ArgumentException($"Unknown mode '{mode}': it is train or predict."),
    };
    double[] seconds = Measure(run, repeat);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"workload":"{{workload.Name}}","mode":"{{options["--mode"]}}","threads":{{threads}},"min_ms":{{seconds[0] * 1e3:F3}},"median_ms":{{seconds[seconds.Length / 2] * 1e3:F3}},"max_ms":{{seconds[^1] * 1e3:F3}}}"""));
}

return 0;

static double[] Measure(Action run, int repeat)
{
    // Warm up for a second at least: tiered compilation replaces hot loops twice.
    var warmUp = Stopwatch.StartNew();
    do
    {
        run();
    }
    while (warmUp.Elapsed < TimeSpan.FromSeconds(1.5));

    var seconds = new double[repeat];
    for (int i = 0; i < repeat; i++)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    Array.Sort(seconds);
    return seconds;
}
