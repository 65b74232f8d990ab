using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Recurrent.Benchmarks;
using Recurrent.Benchmarks.Kernels;

if (args.FirstOrDefault() == "kernels")
{
    Type[] kernels = [typeof(ProductBenchmarks), typeof(OuterProductBenchmarks), typeof(GateBenchmarks)];

    // In this process: there is no project to generate and build, and what DOTNET_EnableAVX512=0 switches off stays off.
    Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
    BenchmarkSwitcher.FromTypes(kernels).Run(args[1..], DefaultConfig.Instance.AddJob(job));
    return 0;
}

var options = new Options(args);
if (options.WantsHelp)
{
    Console.WriteLine(Options.Help);
    return 0;
}

if (options.Problems.Count > 0)
{
    Console.Error.WriteLine(string.Join(Environment.NewLine, options.Problems));
    Console.Error.WriteLine("--help explains the options.");
    return 2;
}

if (options.Compare)
{
    new Compare(options).Run();
    return 0;
}

string mode = options.Mode ?? "train";
IReadOnlyList<int> threadCounts = options.Threads ?? [2];
switch (mode)
{
    case "linear":
        foreach ((string axis, int factor, double nanoseconds, double kilobytes) in Measure.Linear(threadCounts[0], options.Repeat))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{axis} × {factor}: {nanoseconds:F0} ns a step of a sample, {kilobytes:F0} KB held"));
        }

        break;
    case "product":
        foreach (int threads in threadCounts)
        {
            Action product = Measure.Product(threads);
            Timing.WarmUp(product);
            Print("1024³", threads, Timing.Of(product, options.Repeat));
        }

        break;
    case "scaling":
        foreach (Workload workload in options.Chosen(w => w.IsNumbered))
        {
            (double median, double best) = Measure.Scaling(workload, threadCounts[^1], options.Rounds, options.Seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{workload.Name}: {median:F2} times as fast on {threadCounts[^1]} threads, {best:F2} best against best"));
        }

        break;
    case "copies":
        foreach (Workload workload in options.Chosen(_ => true))
        {
            double copies = Measure.TwoCopies(() => Measure.Run(workload, "train", 1), options.Rounds, options.Seconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload.Name}: {copies:F2} times as many epochs a second"));
        }

        double products = Measure.TwoCopies(Measure.SmallProduct, options.Rounds, options.Seconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"product in the first two caches: {products:F2} times as many a second"));
        break;
    case "streaming":
        foreach (int units in (int[])[32, 256])
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"LSTM({units}): {StreamingBenchmark.MeasureStepNanoseconds(units):F0} ns a step, at best"));
        }

        break;
    case "allocation":
        foreach (Workload workload in options.Chosen(_ => true))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{workload.Name}: {Measure.BytesPerStep(workload, threadCounts[0]):F1} bytes a training step"));
        }

        break;
    case "memory":
        foreach (Workload workload in options.Chosen(w => w.Name == "W2"))
        {
            (long before, long after) = Measure.MemoryOverCalls(workload, Measure.ManyCalls);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{workload.Name}: {before} bytes in use, {after} after {Measure.ManyCalls} more calls of Predict"));
        }

        break;
    default:
        foreach (Workload workload in options.Chosen(w => w.IsNumbered || mode == "train"))
        {
            foreach (int threads in threadCounts)
            {
                Action run = Measure.Run(workload, mode, threads);
                Timing.WarmUp(run);
                Print(workload.Name, threads, Timing.Of(run, options.Repeat));
            }
        }

        break;
}

return 0;

void Print(string name, int threads, Timing time) => Console.WriteLine(options.Json
    ? string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"workload":"{{name}}","mode":"{{mode}}","threads":{{threads}},"min_ms":{{time.Min:F4}},"median_ms":{{time.Median:F4}},"max_ms":{{time.Max:F4}}}""")
    : string.Create(
        CultureInfo.InvariantCulture,
        $"{name} {mode}, {threads} threads: {time.Median:G4} ms ({time.Min:G4} … {time.Max:G4})"));
