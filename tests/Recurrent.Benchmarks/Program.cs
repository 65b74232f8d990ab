using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Recurrent.Benchmarks;
using Recurrent.Benchmarks.Kernels;
using Recurrent.Benchmarks.Peers;

if (args.FirstOrDefault() == "kernels")
{
    Type[] kernels =
        [typeof(ProductBenchmarks), typeof(OuterProductBenchmarks), typeof(GateBenchmarks), typeof(FunctionBenchmarks)];

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
    try
    {
        new Compare(options).Run();
        return 0;
    }
    catch (PeerException exception)
    {
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
}

Mode mode = Modes.All.Single(mode => mode.Name == (options.Mode ?? "train"));
foreach (Measurement measurement in mode.Measure(options))
{
    Console.WriteLine(options.Json ? measurement.Json : measurement.Text);
}

return 0;
